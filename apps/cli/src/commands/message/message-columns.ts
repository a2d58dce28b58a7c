import type { Message, MessageAttributes } from '@stanchion/client'
import type { Column } from '../../output/output.ts'
import { excerpt } from '../../output/printable.ts'

/** Characters of a body in a list. */
export const BODY_LENGTH_MAX = 60

/** Several messages, one a line. */
export const MESSAGE_LIST_COLUMNS: readonly Column<Message>[] = [
  ['Message id', ({ messageId }) => messageId],
  ['Deliveries', ({ receiveCount }) => receiveCount],
  ['Sent', ({ sentAt }) => sentAt],
  ['Group', ({ groupId }) => groupId],
  ['Body', ({ body }) => excerpt(body, BODY_LENGTH_MAX)],
]

/** One message with everything that it came with. */
export const MESSAGE_COLUMNS: readonly Column<Message>[] = [
  ['Message id', ({ messageId }) => messageId],
  ['Body', ({ body }) => body],
  ['Attributes', ({ attributes }) => attributesText(attributes)],
  ['Group', ({ groupId }) => groupId],
  ['Deduplication id', ({ deduplicationId }) => deduplicationId],
  ['Sequence number', ({ sequenceNumber }) => sequenceNumber],
  ['Deliveries', ({ receiveCount }) => receiveCount],
  ['Sent', ({ sentAt }) => sentAt],
  ['First received', ({ firstReceivedAt }) => firstReceivedAt],
  ['Dead letter of', ({ deadLetterSource }) => deadLetterSource],
  ['Trace header', ({ traceHeader }) => traceHeader],
  ['Receipt handle', ({ receiptHandle }) => receiptHandle],
]

/** Attributes as the option `--attribute` takes them. */
export function attributesText(attributes: MessageAttributes): string | undefined {
  const texts = Object.entries(attributes).map(([name, { type, label, value }]) => {
    const suffix = type === 'string' && label === undefined ? '' : `:${type}${label === undefined ? '' : `.${label}`}`
    return `${name}${suffix}=${value}`
  })
  return texts.length === 0 ? undefined : texts.join(', ')
}
