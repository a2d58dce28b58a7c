import type { NewMessage } from '../types.ts'

/**
 * The size of a message as it counts against `messageBytesMax`: the bytes of the body and, for every attribute, of its
 * name, its type with the label, and its value (binary values decoded). The SQS rule; trace headers do not count.
 */
export function messageBytes(message: Pick<NewMessage, 'body' | 'attributes'>): number {
  let bytes = Buffer.byteLength(message.body)
  if (message.attributes === undefined) return bytes
  for (const [name, attribute] of Object.entries(message.attributes)) {
    bytes += Buffer.byteLength(name) + attribute.type.length
    if (attribute.label !== undefined) bytes += 1 + Buffer.byteLength(attribute.label)
    bytes += Buffer.byteLength(attribute.value, attribute.type === 'binary' ? 'base64' : 'utf8')
  }
  return bytes
}
