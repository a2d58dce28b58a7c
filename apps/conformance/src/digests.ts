import { createHash } from 'node:crypto'
import type { MessageAttributes } from './api.ts'

/** The digest that SQS answers for a body. */
export function md5Hex(text: string | Uint8Array): string {
  return createHash('md5').update(text).digest('hex')
}

/** The digest that SQS answers for message attributes: names in the order of their bytes, lengths before everything. */
export function md5OfAttributes(attributes: MessageAttributes): string {
  const hash = createHash('md5')
  const add = (bytes: Uint8Array) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    hash.update(length).update(bytes)
  }
  const sorted = Object.entries(attributes).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  for (const [name, { DataType = '', StringValue = '', BinaryValue } = {}] of sorted) {
    add(Buffer.from(name))
    add(Buffer.from(DataType))
    hash.update(Uint8Array.of(BinaryValue === undefined ? 1 : 2))
    add(BinaryValue ?? Buffer.from(StringValue))
  }
  return hash.digest('hex')
}
