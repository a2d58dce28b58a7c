import { isBase64 } from './base64.ts'

/** A row of the form for message attributes, as it was typed. */
export interface AttributeRow {
  readonly name: string
  readonly type: 'string' | 'number' | 'binary'
  /** Free, such as `int`; empty for none. */
  readonly label: string
  readonly value: string
}

export const ATTRIBUTES_MAX = 10

const NAME = /^[A-Za-z0-9_.-]{1,256}$/
const RESERVED_NAME = /^(?:aws|amazon)\./i
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const DIGITS_MAX = 38
const ID = /^[!-~]{1,128}$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/

/** What is wrong with one row, by the field to mend; empty when nothing is. */
export interface AttributeProblems {
  readonly name?: string
  readonly label?: string
  readonly value?: string
}

/**
 * Checks rows while they are typed, with the rules that the server keeps to. The server checks again; this is so that people
 * need not send to find out.
 */
export function checkAttributes(rows: readonly AttributeRow[]): AttributeProblems[] {
  return rows.map((row, index) => {
    const name = checkName(row.name) ?? checkTwice(row.name, rows.slice(0, index))
    const label = checkLabel(row)
    const value = checkValue(row)
    return {
      ...(name === undefined ? undefined : { name }),
      ...(label === undefined ? undefined : { label }),
      ...(value === undefined ? undefined : { value }),
    }
  })
}

function checkName(name: string): string | undefined {
  if (name === '') return 'Give the attribute a name.'
  if (!NAME.test(name)) return 'Letters, digits, _, - and . only, up to 256.'
  if (name.startsWith('.') || name.endsWith('.') || name.includes('..'))
    return 'Dots stand one by one, inside the name.'
  if (RESERVED_NAME.test(name)) return 'Names that begin with AWS. or Amazon. are reserved.'
  return undefined
}

function checkTwice(name: string, before: readonly AttributeRow[]): string | undefined {
  return before.some((row) => row.name === name) ? 'There is an attribute of this name above.' : undefined
}

function checkLabel({ type, label }: AttributeRow): string | undefined {
  if (type.length + 1 + label.length > 256) return 'The label is too long.'
  return FORBIDDEN.test(label) ? 'The label holds a character that is not allowed.' : undefined
}

function checkValue({ type, value }: AttributeRow): string | undefined {
  if (value === '') return 'Give the attribute a value.'
  if (type === 'string') return FORBIDDEN.test(value) ? 'The value holds a character that is not allowed.' : undefined
  if (type === 'number') return checkNumber(value)
  return isBase64(value) ? undefined : 'Bytes are given as base64 with padding, such as AAEC/w==.'
}

function checkNumber(value: string): string | undefined {
  if (!NUMBER.test(value)) return 'This is no number. Examples: 3, -0.5, 1e10.'
  const digits = value
    .replace(/[eE].*$/, '')
    .replace(/\D/g, '')
    .replace(/^0+|0+$/g, '')
  if (digits.length > DIGITS_MAX) return `A number has up to ${DIGITS_MAX} digits.`
  const magnitude = Math.abs(Number(value))
  if (digits !== '' && (magnitude < 1e-128 || magnitude > 1e126)) return 'A number lies between 1e-128 and 1e126.'
  return undefined
}

/** The rule of group and deduplication ids. */
export function checkId(id: string): string | undefined {
  return ID.test(id) ? undefined : 'Up to 128 visible ASCII characters, no spaces.'
}

/** The rule of bodies. */
export function checkBody(body: string): string | undefined {
  if (body === '') return 'A message needs a body.'
  if (FORBIDDEN.test(body)) return 'The body holds a control character that is not allowed. Send bytes as base64.'
  return body.isWellFormed() ? undefined : 'The body holds half of a character.'
}

/** Bytes as they count against the limit of the queue: body, and name, type, label and value of each attribute. */
export function messageBytes(body: string, rows: readonly AttributeRow[]): number {
  const encoder = new TextEncoder()
  const bytes = (text: string) => encoder.encode(text).length
  return rows.reduce((sum, { name, type, label, value }) => {
    const valueBytes = type === 'binary' && isBase64(value) ? atob(value).length : bytes(value)
    return sum + bytes(name) + type.length + (label === '' ? 0 : 1 + bytes(label)) + valueBytes
  }, bytes(body))
}
