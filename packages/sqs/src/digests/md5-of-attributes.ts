import { hash } from 'node:crypto'

/** An attribute whose digest is taken: one of the values is there. */
export interface DigestedAttribute {
  readonly DataType?: string | undefined
  readonly StringValue?: string | undefined
  /** Base64. */
  readonly BinaryValue?: string | undefined
}

const STRING = Buffer.from([1])
const BINARY = Buffer.from([2])

/**
 * The MD5 that SDKs verify: over names, types and values, sorted by the bytes of the names, each with its length before it
 * (sqs rule). `undefined` when there are no attributes.
 */
export function md5OfAttributes(attributes: Readonly<Record<string, DigestedAttribute>>): string | undefined {
  const names = Object.keys(attributes)
  if (names.length === 0) return undefined
  const parts: Buffer[] = []
  // Names are ASCII by rule, so the order of UTF-16 units is that of bytes.
  for (const name of names.sort()) {
    const { DataType = '', StringValue, BinaryValue } = attributes[name] as DigestedAttribute
    addSized(parts, Buffer.from(name))
    addSized(parts, Buffer.from(DataType))
    parts.push(BinaryValue === undefined ? STRING : BINARY)
    addSized(parts, BinaryValue === undefined ? Buffer.from(StringValue ?? '') : Buffer.from(BinaryValue, 'base64'))
  }
  return hash('md5', Buffer.concat(parts))
}

function addSized(parts: Buffer[], bytes: Buffer): void {
  const size = Buffer.allocUnsafe(4)
  size.writeUInt32BE(bytes.length)
  parts.push(size, bytes)
}
