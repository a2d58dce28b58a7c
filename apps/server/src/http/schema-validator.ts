import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { HttpProblem } from './problem.ts'

/** What a schema says about values rather than about shape. */
const VALUE_KEYWORDS = new Set([
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'pattern',
  'format',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
])

/** The parts of JSON Schema that our routes use. */
interface JsonSchema {
  readonly type?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: boolean | JsonSchema
  readonly items?: JsonSchema
}

/**
 * The schema without its limits. Shapes are checked here; whether a value is in its range is decided by the engine
 * alone, which does it per entry of a batch and with the same words for every front door. The limits stand in the
 * schemas for the reader of `openapi.yaml`.
 */
function shapeOf(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([keyword]) => !VALUE_KEYWORDS.has(keyword))
      .map(([keyword, value]) => {
        if (keyword === 'properties') {
          const properties = Object.entries(value as Record<string, JsonSchema>)
          return [keyword, Object.fromEntries(properties.map(([name, property]) => [name, shapeOf(property)]))]
        }
        // More may come in answers; what is sent is one of those that are known here.
        if (keyword === 'x-extensible-enum') return ['enum', value]
        if (keyword === 'anyOf') return [keyword, (value as JsonSchema[]).map(shapeOf)]
        if (keyword === 'items' || (keyword === 'additionalProperties' && typeof value === 'object')) {
          return [keyword, shapeOf(value as JsonSchema)]
        }
        return [keyword, value]
      }),
  )
}

/** Digits alone become numbers: in a query string and nowhere else everything arrives as text. */
function numbersFromText(schema: JsonSchema, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || schema.properties === undefined) return value
  const { properties } = schema
  return Object.fromEntries(
    Object.entries(value).map(([name, text]) => {
      const isNumber = properties[name]?.type === 'integer' && typeof text === 'string' && /^-?\d{1,15}$/.test(text)
      return [name, isNumber ? Number(text) : text]
    }),
  )
}

/** Compiles a TypeBox schema into the check that Fastify runs. Nothing is coerced, removed or filled in. */
export const compileSchema: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const shape = shapeOf(schema as JsonSchema)
  const check = Compile(shape as TSchema)
  return (input: unknown) => {
    const value = httpPart === 'querystring' ? numbersFromText(shape, input) : input
    if (check.Check(value)) return { value }
    return { error: describeMismatch(check.Errors(value), httpPart ?? 'body') }
  }
}

interface Mismatch {
  readonly keyword: string
  readonly instancePath: string
  readonly params: object
  readonly message: string
}

/** Turns the first mismatch that helps into the answer: which member, and what is wrong with it. */
function describeMismatch(mismatches: readonly Mismatch[], httpPart: string): HttpProblem {
  const [first] = mismatches.filter((mismatch) => mismatch.keyword !== 'boolean')
  if (first === undefined)
    return new HttpProblem('invalidRequest', `The ${httpPart} does not have the documented form.`)
  const member = memberOf(first)
  const field = [
    ...first.instancePath.split('/').slice(1).map(unescapePointer),
    ...(member === undefined ? [] : [member]),
  ]
  const name = field.join('.')
  const place = name === '' ? `The ${httpPart}` : `"${name}"`
  return new HttpProblem('invalidRequest', `${place} ${reasonOf(first)}.`, name === '' ? undefined : name)
}

function memberOf({ keyword, params }: Mismatch): string | undefined {
  const names = keyword === 'required' ? 'requiredProperties' : keyword === 'additionalProperties' ? keyword : undefined
  if (names === undefined) return undefined
  const [name] = (params as Record<string, readonly string[]>)[names] ?? []
  return name
}

function reasonOf({ keyword, message, params }: Mismatch): string {
  if (keyword === 'required') return 'is missing'
  if (keyword === 'additionalProperties') return 'is not a member of this request'
  if (keyword === 'type') return `must be ${withArticle(String((params as { type: unknown }).type))}`
  if (keyword === 'enum')
    return `must be one of ${(params as { allowedValues: readonly string[] }).allowedValues.join(', ')}`
  return message
}

function withArticle(type: string): string {
  return `${/^[aio]/.test(type) ? 'an' : 'a'} ${type}`
}

function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~')
}
