import { STARTUP_CODES } from './frame.ts'

const PROTOCOL_3_0 = 3 << 16

/** A message with this letter. */
export function message(letter: string, body: string | Buffer = ''): Buffer {
  return Buffer.concat([Buffer.from(letter), withLength(Buffer.from(body))])
}

/** What a client begins with, with these parameters. */
export function startupMessage(parameters: Readonly<Record<string, string>>): Buffer {
  const text = Object.entries(parameters).map(([name, value]) => `${name}\0${value}\0`)
  return withLength(Buffer.concat([int32(PROTOCOL_3_0), Buffer.from(`${text.join('')}\0`)]))
}

/** A client asks whether it may encrypt. */
export function sslRequest(): Buffer {
  const [code] = Object.entries(STARTUP_CODES).find(([, name]) => name === 'SSLRequest') as [string, string]
  return withLength(int32(Number(code)))
}

function withLength(body: Buffer): Buffer {
  return Buffer.concat([int32(body.length + 4), body])
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
