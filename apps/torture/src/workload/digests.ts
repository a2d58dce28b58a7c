import { createHash } from 'node:crypto'
import type { Attributes } from './message.ts'

/** Of a body, in hex. */
export function md5OfBody(body: string): string {
  return createHash('md5').update(body, 'utf8').digest('hex')
}

const TRANSPORT_STRING = 1
const TRANSPORT_BINARY = 2

/** Of attributes by the rule of SQS, in hex; `undefined` of none. */
export function md5OfAttributes(attributes: Attributes): string | undefined {
  const names = Object.keys(attributes).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  if (names.length === 0) return undefined
  const digest = createHash('md5')
  const add = (bytes: Buffer) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    digest.update(length).update(bytes)
  }
  for (const name of names) {
    const { type, value } = attributes[name] as Attributes[string]
    add(Buffer.from(name))
    add(Buffer.from(type))
    digest.update(Buffer.from([type === 'Binary' ? TRANSPORT_BINARY : TRANSPORT_STRING]))
    add(type === 'Binary' ? Buffer.from(value, 'base64') : Buffer.from(value))
  }
  return digest.digest('hex')
}
