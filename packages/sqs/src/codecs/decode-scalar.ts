import { malformedInput } from '../errors/error-texts.ts'

const INTEGER = /^[+-]?\d+$/
const INTEGER_MAX = 2 ** 31 - 1
const INTEGER_MIN = -(2 ** 31)

/**
 * Text that stands where a whole number belongs.
 * @throws SqsError `SerializationException`
 */
export function toInteger(value: string): number {
  const number = INTEGER.test(value) ? Number(value) : Number.NaN
  if (number >= INTEGER_MIN && number <= INTEGER_MAX) return number
  throw malformedInput('STRING_VALUE can not be converted to an Integer')
}

/**
 * A number that stands where a whole number belongs.
 * @throws SqsError `SerializationException`
 */
export function checkInteger(value: number): number {
  if (Number.isInteger(value) && value >= INTEGER_MIN && value <= INTEGER_MAX) return value
  throw malformedInput('NUMBER_VALUE can not be converted to an Integer')
}

/**
 * Base64 of the standard alphabet with its padding; anything else could be read as other bytes than were meant.
 * @throws SqsError `SerializationException`
 */
export function checkBase64(value: string): string {
  if (Buffer.from(value, 'base64').toString('base64') === value) return value
  throw malformedInput('STRING_VALUE can not be converted to a Blob')
}
