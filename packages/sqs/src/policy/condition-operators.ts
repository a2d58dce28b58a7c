import { BlockList, isIP } from 'node:net'
import { type ConditionKeys, readPolicyText } from './condition-keys.ts'
import { matchesWildcards, toWildcards } from './wildcards.ts'

/** Whether one value of a request is what a condition names. */
export type Matches = (actual: string, keys: ConditionKeys) => boolean

/** Reads one value of a condition. @returns `undefined` when the operator cannot have it */
type ReadValue = (expected: string, hasVariables: boolean) => Matches | undefined

export interface ConditionOperator {
  readonly read: ReadValue
  /** Holds when the value is none of those named, hence also when the request has no such key. */
  readonly isNegated: boolean
}

const text =
  (matches: (expected: string, actual: string) => boolean, hasWildcards = false): ReadValue =>
  (expected, hasVariables) => {
    const resolve = readPolicyText(hasWildcards ? toWildcards(expected) : expected, hasVariables)
    return (actual, keys) => {
      const resolved = resolve(keys)
      return resolved !== undefined && matches(resolved, actual)
    }
  }

const equalText = text((expected, actual) => expected === actual)
const equalIgnoringCase = text((expected, actual) => expected.toLowerCase() === actual.toLowerCase())
const likeText = text(matchesWildcards, true)
/** ARNs match part by part, so that a `*` does not reach over a colon. */
const likeArn = text((expected, actual) => {
  const parts = arnParts(actual)
  const patterns = arnParts(expected)
  return parts.length === patterns.length && patterns.every((pattern, i) => matchesWildcards(pattern, parts[i] ?? ''))
}, true)

/** The sixth part is the rest, colons and all. */
function arnParts(arn: string): string[] {
  const parts = arn.split(':')
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')]
}

type Compare = (actual: number, expected: number) => boolean

const compared =
  (toNumber: (value: string) => number, compare: Compare): ReadValue =>
  (value) => {
    const expected = toNumber(value)
    if (Number.isNaN(expected)) return undefined
    return (actual) => compare(toNumber(actual), expected)
  }

function toNumber(value: string): number {
  return /^[+-]?\d{1,30}(\.\d{1,30})?$/.test(value) ? Number(value) : Number.NaN
}

const ISO_DATE = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2}))?$/

/** Milliseconds of a date of ISO 8601, or of seconds since 1970. */
function toTimeMs(value: string): number {
  return ISO_DATE.test(value) ? Date.parse(value) : toNumber(value) * 1_000
}

const flag: ReadValue = (value) => {
  const expected = value.toLowerCase()
  return expected === 'true' || expected === 'false' ? (actual) => actual.toLowerCase() === expected : undefined
}

const ipAddress: ReadValue = (value) => {
  const [address = '', prefix, ...rest] = value.split('/')
  const family = isIP(address)
  const bitsMax = family === 6 ? 128 : 32
  const bits = prefix === undefined ? bitsMax : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN
  if (family === 0 || rest.length > 0 || !(bits >= 0 && bits <= bitsMax)) return undefined
  const network = new BlockList()
  network.addSubnet(address, bits, family === 6 ? 'ipv6' : 'ipv4')
  return (actual) => {
    // How a socket that serves both families writes an address of the old one.
    const plain = actual.replace(/^::ffff:(?=\d+\.)/i, '')
    const actualFamily = isIP(plain)
    return actualFamily === family && network.check(plain, actualFamily === 6 ? 'ipv6' : 'ipv4')
  }
}

const COMPARISONS: Readonly<Record<string, Compare>> = {
  Equals: (actual, expected) => actual === expected,
  LessThan: (actual, expected) => actual < expected,
  LessThanEquals: (actual, expected) => actual <= expected,
  GreaterThan: (actual, expected) => actual > expected,
  GreaterThanEquals: (actual, expected) => actual >= expected,
}

function comparisons(family: string, toNumber: (value: string) => number): [string, ConditionOperator][] {
  const equals = compared(toNumber, COMPARISONS.Equals as Compare)
  return [
    ...Object.entries(COMPARISONS).map(([name, compare]): [string, ConditionOperator] => [
      `${family}${name}`,
      { read: compared(toNumber, compare), isNegated: false },
    ]),
    [`${family}NotEquals`, { read: equals, isNegated: true }],
  ]
}

const is = (read: ReadValue): ConditionOperator => ({ read, isNegated: false })
const isNot = (read: ReadValue): ConditionOperator => ({ read, isNegated: true })

/** Every operator but `Null`, which is about the key and not about its values. */
export const CONDITION_OPERATORS: ReadonlyMap<string, ConditionOperator> = new Map([
  ['StringEquals', is(equalText)],
  ['StringNotEquals', isNot(equalText)],
  ['StringEqualsIgnoreCase', is(equalIgnoringCase)],
  ['StringNotEqualsIgnoreCase', isNot(equalIgnoringCase)],
  ['StringLike', is(likeText)],
  ['StringNotLike', isNot(likeText)],
  ...comparisons('Numeric', toNumber),
  ...comparisons('Date', toTimeMs),
  ['Bool', is(flag)],
  ['BinaryEquals', is(equalText)],
  ['IpAddress', is(ipAddress)],
  ['NotIpAddress', isNot(ipAddress)],
  ['ArnEquals', is(likeArn)],
  ['ArnLike', is(likeArn)],
  ['ArnNotEquals', isNot(likeArn)],
  ['ArnNotLike', isNot(likeArn)],
])
