import type { MessageAttribute, MessageAttributes, NewMessage } from '../types.ts'

/** What stands in the `attributes` column: one JSON text, absent for the plain message. */
interface Stored {
  /** name → [type, value] or [type, value, label] */
  a?: Record<string, [MessageAttribute['type'], string, string?]>
  /** trace header */
  t?: string
  /** group, of a message of a standard queue */
  g?: string
}

/**
 * The text to store for a message's attributes, trace header and group; `null` when it has none of them.
 * @param groupId of a message of a standard queue; on FIFO queues it is stored by itself
 */
export function encodeAttributes(message: NewMessage, groupId?: string): string | null {
  const entries = message.attributes === undefined ? [] : Object.entries(message.attributes)
  if (entries.length === 0 && message.traceHeader === undefined && groupId === undefined) return null
  const stored: Stored = {}
  if (entries.length > 0) {
    stored.a = Object.fromEntries(
      entries.map(([name, { type, value, label }]) => [
        name,
        label === undefined ? [type, value] : [type, value, label],
      ]),
    )
  }
  if (message.traceHeader !== undefined) stored.t = message.traceHeader
  if (groupId !== undefined) stored.g = groupId
  return JSON.stringify(stored)
}

const NONE: MessageAttributes = Object.freeze({})

/** The inverse of {@link encodeAttributes}. */
export function decodeAttributes(text: string | null): {
  attributes: MessageAttributes
  traceHeader: string | undefined
  groupId: string | undefined
} {
  if (text === null) return { attributes: NONE, traceHeader: undefined, groupId: undefined }
  const stored = JSON.parse(text) as Stored
  const attributes =
    stored.a === undefined
      ? NONE
      : Object.fromEntries(
          Object.entries(stored.a).map(([name, [type, value, label]]) => [
            name,
            label === undefined ? { type, value } : { type, value, label },
          ]),
        )
  return { attributes, traceHeader: stored.t, groupId: stored.g }
}
