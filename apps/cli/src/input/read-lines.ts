import { createInterface } from 'node:readline'
import { usageError } from '../cli-error.ts'
import type { Terminal } from '../terminal.ts'

/** One line of the standard input, with its number for people. */
export interface Line {
  readonly number: number
  readonly text: string
}

/** The lines of the standard input that are not empty. */
export async function* readLines({ stdin, signal }: Terminal): AsyncGenerator<Line, void> {
  const lines = createInterface({ input: stdin, crlfDelay: Number.POSITIVE_INFINITY, signal })
  let number = 0
  for await (const text of lines) {
    number += 1
    if (text !== '') yield { number, text }
  }
  signal.throwIfAborted()
}

/** The whole standard input as text, byte for byte. @throws CliError when it is not UTF-8 */
export async function readAll({ stdin }: Terminal): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stdin) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
  return decode(Buffer.concat(chunks), 'The standard input')
}

/** @throws CliError when the bytes are no UTF-8, which a body must be */
export function decode(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw usageError(`${source} is not UTF-8 text.`, 'Send other bytes as base64, or in an attribute of type binary.')
  }
}

/** An object written in one line. @throws CliError naming the line */
export function parseObject({ number, text }: Line): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {}
  throw usageError(`Line ${number} of the standard input is no JSON object: ${text.slice(0, 60)}`)
}
