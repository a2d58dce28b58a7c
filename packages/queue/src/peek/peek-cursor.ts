import { QueueError } from '../errors.ts'

/**
 * Where a look at a queue goes on: the section of a lane, and the key of the last row that was seen in it. Sections are in
 * `peek-sections.ts`.
 */
export interface PeekCursor {
  readonly lane: number
  readonly section: number
  /** What the section orders by, as text; empty at its beginning. */
  readonly key: readonly string[]
}

export function encodeCursor({ lane, section, key }: PeekCursor): string {
  return Buffer.from(JSON.stringify([lane, section, ...key])).toString('base64url')
}

/** @throws QueueError `invalidArgument` when it is none of ours */
export function decodeCursor(text: string): PeekCursor {
  try {
    const [lane, section, ...key] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[]
    const isKey = key.length <= 3 && key.every((part) => typeof part === 'string' && part.length <= 200)
    if (Number.isSafeInteger(lane) && Number.isSafeInteger(section) && isKey) {
      return { lane: lane as number, section: section as number, key: key as string[] }
    }
  } catch {}
  throw new QueueError('invalidArgument', 'The cursor is not one that was answered here.', { field: 'cursor' })
}
