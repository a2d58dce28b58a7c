import { isDeepStrictEqual } from 'node:util'
import { SqsCallError } from './clients/sqs-client.ts'
import { ERRORS, type ErrorName } from './errors.ts'

/** What an endpoint does is not what the rule says. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly expected: string
  readonly got: string

  constructor(what: string, expected: unknown, got: unknown) {
    super(what)
    this.expected = show(expected)
    this.got = show(got)
  }
}

/** Values as a report shows them. */
export function show(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`
  if (typeof value === 'string') return clip(value)
  return clip(JSON.stringify(plain(value)) ?? 'nothing')
}

const clip = (text: string) => (text.length <= 600 ? text : `${text.slice(0, 600)}… (${text.length} characters)`)

/** Bytes as base64, so that `Buffer` and `Uint8Array` compare and print alike. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return `base64 ${Buffer.from(value).toString('base64')}`
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]))
}

/** Both are the same, in depth. */
export function equal(got: unknown, expected: unknown, what: string): void {
  if (!isDeepStrictEqual(plain(got), plain(expected))) throw new Failure(what, expected, got)
}

/** The condition holds; `expected` says it in words. */
export function check(condition: boolean, expected: string, got: unknown): asserts condition {
  if (!condition) throw new Failure(expected, expected, got)
}

/** The text has this form. */
export function matches(got: string | undefined, pattern: RegExp, what: string): void {
  if (got === undefined || !pattern.test(got)) throw new Failure(what, String(pattern), got)
}

/** A message of an error that is known to the letter, by a pattern, or not at all. */
export type MessageRule = string | RegExp | Readonly<Record<'json' | 'query', string>> | undefined

/**
 * The call is refused with this error: status, shape, query code and fault, and the message if one is given.
 * @returns the error
 */
export async function fails(call: Promise<unknown>, name: ErrorName, message?: MessageRule): Promise<SqsCallError> {
  const error = await errorOf(call, name)
  const { queryCode, status, namespace } = ERRORS[name]
  const isJson = error.shape !== undefined
  // The SDK names what is not in its model by the query code; `__type` has cases of its own.
  const shape = namespace === 'com.amazonaws.sqs' ? name : queryCode
  const got = { status: error.status, shape: error.shape, queryCode: error.queryCode, fault: error.fault }
  const expected = { status, shape: isJson ? shape : undefined, queryCode, fault: 'Sender' }
  if (!isDeepStrictEqual(got, expected))
    throw new Failure(`the error is ${name}`, expected, { ...got, message: error.message })
  const rule =
    typeof message === 'object' && !(message instanceof RegExp) ? message[isJson ? 'json' : 'query'] : message
  if (rule instanceof RegExp) matches(error.message, rule, `the message of ${name}`)
  else if (rule !== undefined) equal(error.message, rule, `the message of ${name}`)
  else check(error.message !== '', `a message with ${name}`, error.message)
  return error
}

async function errorOf(call: Promise<unknown>, name: ErrorName): Promise<SqsCallError> {
  let output: unknown
  try {
    output = await call
  } catch (error) {
    if (error instanceof SqsCallError) return error
    throw error
  }
  throw new Failure(`the call is refused with ${name}`, name, output)
}
