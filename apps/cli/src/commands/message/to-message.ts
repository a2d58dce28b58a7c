import type { MessageAttributes, NewMessage } from '@stanchion/client'
import { usageError } from '../../cli-error.ts'
import { type Line, parseObject } from '../../input/read-lines.ts'

/** What the options of a send say about every message of it. */
export interface MessageDefaults {
  readonly attribute?: MessageAttributes | undefined
  readonly groupId?: string | undefined
  readonly deduplicationId?: string | undefined
  readonly delaySeconds?: number | undefined
  readonly traceHeader?: string | undefined
}

/** What a message is sent with. */
const SENT = new Set(['body', 'attributes', 'groupId', 'deduplicationId', 'delaySeconds', 'traceHeader'])

/** What a message is received with besides: left out, so that received messages can be piped into a send. */
const RECEIVED = new Set(
  'messageId receiptHandle sequenceNumber receiveCount sentAt firstReceivedAt deadLetterSource state bodyBytes visibleAt isBodyCut'.split(
    ' ',
  ),
)

/** A message with this body. */
export function toMessage(body: string, defaults: MessageDefaults): NewMessage {
  const { attribute, groupId, deduplicationId, delaySeconds, traceHeader } = defaults
  return {
    body,
    ...(attribute === undefined ? {} : { attributes: attribute }),
    ...(groupId === undefined ? {} : { groupId }),
    ...(deduplicationId === undefined ? {} : { deduplicationId }),
    ...(delaySeconds === undefined ? {} : { delaySeconds }),
    ...(traceHeader === undefined ? {} : { traceHeader }),
  }
}

/**
 * The message that a line of NDJSON holds; what it does not say, the options say.
 * @throws CliError when the line is no message
 */
export function parseMessage(line: Line, defaults: MessageDefaults): NewMessage {
  const members = parseObject(line)
  const unknown = Object.keys(members).find((name) => !SENT.has(name) && !RECEIVED.has(name))
  if (unknown !== undefined) {
    throw usageError(`Line ${line.number} of the standard input has a member that no message has: ${unknown}`)
  }
  if (typeof members.body !== 'string') {
    throw usageError(`Line ${line.number} of the standard input has no body that is a text.`)
  }
  if (members.isBodyCut === true) {
    throw usageError(`Line ${line.number} of the standard input has a body that was cut when it was looked at.`)
  }
  const sent = Object.fromEntries(Object.entries(members).filter(([name]) => SENT.has(name)))
  return { ...toMessage(members.body, defaults), ...sent }
}
