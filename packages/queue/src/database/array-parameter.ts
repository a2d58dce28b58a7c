/** Types in Postgres' catalogue. */
const BYTEA_OID = 17
const TEXT_OID = 25
const HEADER_BYTES = 20

/**
 * A parameter of type `text[]` in Postgres' binary form. As text, every element would be searched for characters to escape
 * here and be taken apart again there, which for bodies of messages is a tenth of what their send costs.
 */
export function textArray(values: readonly (string | null)[]): Buffer {
  return binaryArray(TEXT_OID, values, Buffer.byteLength, (array, value, at, bytes) => array.write(value, at, bytes))
}

/** A parameter of type `bytea[]`, in the same form. @param values of one byte a character (latin1) */
export function byteArray(values: readonly string[]): Buffer {
  return binaryArray(
    BYTEA_OID,
    values,
    (value) => value.length,
    (array, value, at) => array.write(value, at, 'latin1'),
  )
}

function binaryArray<Value>(
  oid: number,
  values: readonly (Value | null)[],
  measure: (value: Value) => number,
  write: (array: Buffer, value: Value, at: number, bytes: number) => void,
): Buffer {
  let length = HEADER_BYTES
  let hasNull = 0
  const lengths = values.map((value) => {
    const bytes = value === null ? 0 : measure(value)
    if (value === null) hasNull = 1
    length += 4 + bytes
    return bytes
  })
  const array = Buffer.allocUnsafe(length)
  // Dimensions, flags, type of the elements, and of the only dimension its length and lower bound; an empty array has none.
  array.writeInt32BE(values.length === 0 ? 0 : 1, 0)
  array.writeInt32BE(hasNull, 4)
  array.writeInt32BE(oid, 8)
  if (values.length === 0) return array.subarray(0, 12)
  array.writeInt32BE(values.length, 12)
  array.writeInt32BE(1, 16)
  let at = HEADER_BYTES
  values.forEach((value, i) => {
    if (value === null) {
      at = array.writeInt32BE(-1, at)
      return
    }
    const bytes = lengths[i] as number
    at = array.writeInt32BE(bytes, at)
    write(array, value, at, bytes)
    at += bytes
  })
  return array
}

/**
 * What is sent for a parameter: text or bytes. A list is the text of a Postgres array; one of numbers, as nearly all are, without a look for
 * characters to escape.
 */
export function toParameter(value: unknown): string | Buffer | null {
  if (value === null || value === undefined) return null
  if (Buffer.isBuffer(value)) return value
  if (!Array.isArray(value)) return String(value)
  return `{${(value.every(isNumeric) ? value : value.map(toElement)).join(',')}}`
}

function isNumeric(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'bigint'
}

function toElement(value: unknown): string {
  if (value === null || value === undefined) return 'NULL'
  const text = Buffer.isBuffer(value) ? `\\x${value.toString('hex')}` : String(value)
  return `"${text.replace(/[\\"]/g, '\\$&')}"`
}
