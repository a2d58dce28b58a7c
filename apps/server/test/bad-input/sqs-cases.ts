import type { Action } from '@stanchion/sqs'
import fc from 'fast-check'
import { OPERATIONS } from '../../src/sqs/operations.ts'
import { toQueryForm } from '../helpers/to-query-form.ts'
import { type BadCase, formRequest, jsonRequest } from './bad-case.ts'
import { bodyWith, NO_JSON, place, WRONG_FOR_SQS } from './fragments.ts'
import { badValues, rightInputs } from './sqs-inputs.ts'
import type { World } from './world.ts'

type Path = readonly (string | number)[]
type Shape = Action['input']['members'][string]['shape']

/** One place in the input of an action. */
interface Parameter {
  readonly path: Path
  readonly shape: Shape
  readonly isRequired: boolean
}

const ACTIONS = OPERATIONS.map(({ action }) => action as Action)

/** Every parameter of an action, however deep. */
function* parametersOf(shape: Shape, path: Path = [], isRequired = false): Generator<Parameter> {
  if (path.length > 0) yield { path, shape, isRequired }
  if (shape.kind === 'list') yield* parametersOf(shape.item, [...path, 0])
  if (shape.kind === 'map') yield* parametersOf(shape.value, [...path, 'a'])
  if (shape.kind !== 'structure') return
  for (const [name, member] of shape.entries) yield* parametersOf(member.shape, [...path, name], member.isRequired)
}

/** Calls of every action with every parameter wrong in many ways, in AWS JSON. */
export function jsonCases(world: World, seed: number, perParameter: number): BadCase[] {
  const inputs = rightInputs(world)
  return ACTIONS.flatMap((action) => {
    const right = inputs[action.name] as object
    const bad = (what: string, body: Buffer | string): BadCase => ({
      what: `${action.name} ${what}`,
      door: 'json',
      request: jsonRequest(action.name, body),
      verdict: 'refused',
    })
    return [...parametersOf(action.input)].flatMap(({ path, shape, isRequired }) => {
      const name = path.join('.')
      const fragments = fc.oneof(NO_JSON, WRONG_FOR_SQS[shape.kind], WRONG_FOR_SQS[shape.kind])
      return [
        ...fc
          .sample(fragments, { seed, numRuns: perParameter })
          .map((fragment) => bad(name, bodyWith(right, path, fragment))),
        ...(isRequired
          ? [
              bad(`without ${name}`, JSON.stringify(without(right, path))),
              bad(`null for ${name}`, bodyWith(right, path, 'null')),
            ]
          : []),
      ]
    })
  })
}

const PERCENT_GARBAGE = ['%', '%Z', '%ZZ', '%ff', '%C0%80', '%E4', '%ED%A0%80', '%u0041', '%F5%80%80%80', 'a%2']
const NOT_UTF8 = Buffer.from([0x61, 0xff])
const NO_INTEGERS = [
  'x',
  '',
  '1.5',
  '1e3',
  'NaN',
  'Infinity',
  '-',
  '+',
  '+1',
  '%201',
  '0x10',
  '2147483648',
  '9'.repeat(400),
  '%D9%A3',
  '%00',
]
const NO_BLOBS = ['x', '====', 'YQ', 'Y+Q==', '__8=']

/** The same in the Query protocol, where a value is one of a form. */
export function queryCases(world: World, seed: number, perParameter: number): BadCase[] {
  const inputs = rightInputs(world)
  const marker = 'PLACE'
  return ACTIONS.flatMap((action) => {
    const right = inputs[action.name] as object
    return [...parametersOf(action.input)].flatMap(({ path, shape, isRequired }) => {
      const kinds = { text: [], integer: NO_INTEGERS, blob: NO_BLOBS, flag: ['', '1', 'yes'] }
      if (!(shape.kind in kinds)) return []
      const wrong = [...PERCENT_GARBAGE, ...kinds[shape.kind as keyof typeof kinds]]
      const copy = structuredClone(right) as Record<string, unknown>
      place(copy, path, marker)
      const form = toQueryForm(action, copy)
      const name = /(?:^|&)([^=&]*)=PLACE(?:&|$)/.exec(form)?.[1] as string
      const rightForm = toQueryForm(action, right)
      const bad = (what: string, text: Buffer | string): BadCase => ({
        what: `${action.name} ${path.join('.')}: ${what}`,
        door: 'query',
        request: formRequest(text),
        verdict: 'refused',
      })
      const [before = '', after = ''] = form.split(marker)
      const numRuns = Math.min(perParameter, wrong.length * 3)
      const values = fc.sample(fc.tuple(fc.constantFrom(...wrong), fc.constantFrom('instead', 'again', 'name')), {
        seed,
        numRuns,
      })
      return [
        ...values.map(([value, way]) => {
          if (way === 'instead') return bad(value, `${before}${value}${after}`)
          // Of a name that comes twice the last value counts.
          if (way === 'again') return bad(`twice, then ${value}`, `${form.replace(marker, 'x')}&${name}=${value}`)
          return bad(`a name of ${value}`, `${rightForm}&${name}.%ZZ=${value}`)
        }),
        bad('no UTF-8', Buffer.concat([Buffer.from(before), NOT_UTF8, Buffer.from(after)])),
        ...(isRequired ? [bad('missing', toQueryForm(action, without(right, path)))] : []),
      ]
    })
  })
}

/** Calls with values of the right kind that mean nothing, in both protocols. */
export function valueCases(world: World, seed: number, perParameter: number): BadCase[] {
  const inputs = rightInputs(world)
  const values = badValues(world)
  return ACTIONS.flatMap((action) =>
    Object.keys(action.input.members).flatMap((name) => {
      const bad = values[`${action.name}.${name}`] ?? values[name]
      if (bad === undefined) return []
      return fc.sample(bad, { seed, numRuns: perParameter }).flatMap((value): BadCase[] => {
        const input = { ...inputs[action.name], [name]: value }
        const what = `${action.name} ${name}`
        const json = jsonRequest(action.name, JSON.stringify(input))
        const cases: BadCase[] = [{ what, door: 'json', request: json, verdict: 'refused' }]
        // A lone surrogate cannot be written in a form; empty containers leave nothing of a parameter there.
        if (!JSON.stringify(value).isWellFormed() || /\\ud[89a-f]/i.test(JSON.stringify(value))) return cases
        cases.push({ what, door: 'query', request: formRequest(toQueryForm(action, input)), verdict: 'refused' })
        return cases
      })
    }),
  )
}

function without(input: object, path: Path): object {
  const copy = structuredClone(input) as Record<string | number, unknown>
  const last = path.at(-1) as string
  const holder = path
    .slice(0, -1)
    .reduce<Record<string | number, unknown> | undefined>(
      (each, name) => each?.[name] as Record<string | number, unknown> | undefined,
      copy,
    )
  if (holder !== undefined) delete holder[last]
  return copy
}
