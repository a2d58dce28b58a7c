import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { parse } from 'yaml'
import { pathOf, REST_OPERATIONS, type RestOperation } from '../helpers/every-operation.ts'
import { type BadCase, restRequest } from './bad-case.ts'
import { alteredHandles, BAD_QUEUE_NAMES, GARBAGE } from './bad-texts.ts'
import { bodyWith, type Fragment, NO_JSON, WRONG_FOR_REST } from './fragments.ts'
import type { World } from './world.ts'

interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly anyOf?: readonly Schema[]
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly enum?: readonly string[]
  readonly 'x-extensible-enum'?: readonly string[]
  readonly minItems?: number
  readonly maxItems?: number
}

interface SpecOperation {
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly schema: Schema }[]
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } }
}

const SPEC = parse(readFileSync(new URL('../../../../openapi.yaml', import.meta.url), 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, SpecOperation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

function resolve(schema: Schema): Schema {
  if (schema.$ref !== undefined) return resolve(SPEC.components.schemas[schema.$ref.split('/').at(-1) ?? ''] as Schema)
  // What may be null besides is the other one.
  const [first] = schema.anyOf ?? []
  return first === undefined ? schema : { ...resolve(first), anyOf: schema.anyOf ?? [] }
}

interface Place {
  readonly path: readonly (string | number)[]
  readonly schema: Schema
  readonly isRequired: boolean
  /** Within an entry of a batch, where a value out of range fails the entry and not the request. */
  readonly isInEntry: boolean
}

function* placesOf(given: Schema, path: Place['path'] = [], isRequired = true, isInEntry = false): Generator<Place> {
  const schema = resolve(given)
  yield { path, schema, isRequired, isInEntry }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    yield* placesOf(property, [...path, name], schema.required?.includes(name) ?? false, isInEntry)
  }
  if (typeof schema.additionalProperties === 'object')
    yield* placesOf(schema.additionalProperties, [...path, 'a'], false, isInEntry)
  if (schema.items !== undefined)
    yield* placesOf(schema.items, [...path, 0], false, isInEntry || BATCHES.has(String(path[0])))
}

/** Members that hold the entries of a batch. */
const BATCHES: ReadonlySet<string> = new Set(['messages', 'leases', 'receiptHandles'])

/** Right bodies, which would have an effect. */
export function rightBodies({ dead, queue, handle }: World): Readonly<Record<string, object>> {
  return {
    createQueue: { name: 'made-by-rest' },
    updateQueue: {
      settings: { delaySeconds: 1 },
      deadLetter: { queueName: dead, receiveCountMax: 2 },
      scaling: { steps: [{ fromMessages: 0, consumers: 1 }] },
    },
    sendMessage: { body: 'x', attributes: { a: { type: 'string', value: 'v' } } },
    sendMessages: { messages: [{ body: 'x', attributes: { a: { type: 'string', value: 'v' } } }] },
    receiveMessages: { maxMessages: 10 },
    extendLease: { visibilityTimeoutSeconds: 500 },
    deleteMessages: { receiptHandles: [handle] },
    extendLeases: { leases: [{ receiptHandle: handle, visibilityTimeoutSeconds: 500 }] },
    releaseLeases: { receiptHandles: [handle] },
    startMoveTask: { destination: queue },
    createAccessKey: { role: 'reader', queuePattern: '*' },
    rotateAccessKey: { overlapSeconds: 0 },
  }
}

/** What is of the documented type and not as documented all the same. */
function outOfRange({
  minimum,
  maximum,
  minLength,
  maxLength,
  pattern,
  enum: one,
  'x-extensible-enum': known = one,
  items,
  maxItems,
}: Schema): Fragment[] {
  const found: unknown[] = []
  if (minimum !== undefined) found.push(minimum - 1, -(2 ** 53) + 1)
  if (maximum !== undefined) found.push(maximum + 1, 2 ** 53 - 1)
  if (minLength === 1) found.push('')
  if (maxLength !== undefined) found.push('x'.repeat(maxLength + 1), 'x'.repeat(100_000))
  if (pattern !== undefined) found.push('a b\u0000', '\ud800 ', 'ä ', '\n', '! \u202e')
  if (known !== undefined) found.push('', 'nonsense', '__proto__', 'constructor', '\u0000')
  if (items !== undefined && maxItems !== undefined) found.push(Array.from({ length: maxItems + 1 }, () => 'x'))
  return found.map((value) => JSON.stringify(value))
}

/** Calls of every operation of `openapi.yaml` with every member of its body wrong in many ways. */
export function restBodyCases(world: World, seed: number, perMember: number): BadCase[] {
  const bodies = rightBodies(world)
  return REST_OPERATIONS.filter(({ hasBody }) => hasBody).flatMap((operation) => {
    const right = bodies[operation.operationId] as object
    const target = restTarget(operation.path, operation.operationId, world)
    const bad = (what: string, body: Buffer | string): BadCase => ({
      what: `${operation.operationId} ${what}`,
      door: 'rest',
      request: restRequest(operation.method, target, body),
      verdict: 'refused',
    })
    return [...placesOf(specOf(operation).requestBody?.content['application/json'].schema as Schema)].flatMap(
      ({ path, schema, isRequired, isInEntry }) => {
        const mayBeNull = schema.anyOf?.some(({ type }) => type === 'null') ?? false
        const wrong = (WRONG_FOR_REST[schema.type ?? 'object'] as fc.Arbitrary<Fragment>).filter(
          (fragment) => !(mayBeNull && fragment === 'null'),
        )
        const values = isInEntry ? [] : outOfRange(schema)
        const fragments =
          values.length === 0
            ? fc.oneof(NO_JSON, wrong, wrong)
            : fc.oneof(NO_JSON, wrong, wrong, fc.constantFrom(...values))
        const within = (fragment: Fragment) =>
          path.length === 0 ? Buffer.from(fragment as string) : bodyWith(right, path, fragment)
        return [
          ...fc
            .sample(fragments, { seed, numRuns: perMember })
            .map((fragment) => bad(path.join('.'), within(fragment))),
          ...(isRequired && path.length > 0
            ? [
                bad(
                  `without ${path.join('.')}`,
                  bodyWith(right, path, '0')
                    .toString()
                    .replace(`"${path.at(-1)}":0`, '"other":0'),
                ),
              ]
            : []),
        ]
      },
    )
  })
}

/** Calls with wrong path and query parameters. */
export function restParameterCases(world: World, seed: number, perParameter: number): BadCase[] {
  const inPath: Readonly<Record<string, fc.Arbitrary<string>>> = {
    queue: fc
      .oneof(BAD_QUEUE_NAMES, fc.constantFrom('__proto__', 'constructor', 'toString'))
      .filter((name) => name !== ''),
    receiptHandle: alteredHandles(world.handle),
    messageId: GARBAGE,
    moveTaskId: fc.oneof(GARBAGE, fc.constantFrom('00000000-0000-4000-8000-000000000000', '__proto__')),
    accessKeyId: fc.oneof(GARBAGE, fc.constantFrom(`SK${'A'.repeat(18)}`, '__proto__')),
  }
  const bodies = rightBodies(world)
  return REST_OPERATIONS.flatMap((operation) => {
    const body = bodies[operation.operationId]
    const bad = (what: string, target: string, verdict: BadCase['verdict']): BadCase => ({
      what: `${operation.operationId} ${what}`,
      door: 'rest',
      request: restRequest(operation.method, target, body === undefined ? undefined : JSON.stringify(body)),
      verdict,
    })
    return (specOf(operation).parameters ?? []).flatMap(({ in: where, name, schema: given }) => {
      const schema = resolve(given)
      if (where === 'path') {
        const values = fc.sample(inPath[name] as fc.Arbitrary<string>, { seed, numRuns: perParameter })
        return values
          .filter((value) => value.length < 10_000)
          .map((value) =>
            bad(name, pathOf(operation.path.replace(`{${name}}`, percentEncoded(value)), world), 'refused'),
          )
      }
      const numbers = ['', 'x', '1.5', '1e1', 'NaN', '%2B1', '0x1', '%201', '9'.repeat(400), '%D9%A3', '[]', '%00']
      const texts =
        schema.type === 'integer' ? [...numbers, ...outOfRange(schema).map(String)] : outOfRange(schema).map(String)
      const path = pathOf(operation.path, world)
      const encoded = (value: string) => `${path}?${name}=${value}`
      const certain = texts.flatMap((value) => (value.includes('"') ? [] : [bad(name, encoded(value), 'refused')]))
      const twice = schema.type === 'integer' ? [bad(`${name} twice`, `${path}?${name}=1&${name}=2`, 'refused')] : []
      const strange = fc.sample(GARBAGE, { seed, numRuns: perParameter }).filter((value) => value.length < 10_000)
      return [...certain, ...twice, ...strange.map((value) => bad(name, encoded(percentEncoded(value)), 'answered'))]
    })
  })
}

/** Whatever it is, as a part of an address; a lone surrogate as the bytes that it would be, which are not UTF-8. */
function percentEncoded(text: string): string {
  return [...text].map((character) => (character.isWellFormed() ? encodeURIComponent(character) : '%ED%A0%80')).join('')
}

function specOf({ path, method }: RestOperation): SpecOperation {
  return SPEC.paths[path]?.[method.toLowerCase()] as SpecOperation
}

/** The address of an operation; a move task begins at the dead-letter queue. */
export function restTarget(path: string, operationId: string, world: World): string {
  return pathOf(path, operationId === 'startMoveTask' ? { ...world, queue: world.dead } : world)
}
