import type { PeekedMessage } from '@stanchion/queue'
import { type Static, Type } from 'typebox'
import { MessageAttributesSchema, sequenceNumber, token, traceHeader } from './message-schema.ts'

export const MessageStateSchema = Type.Enum(['ready', 'leased', 'delayed'], {
  type: 'string',
  title: 'MessageState',
  description: 'Whether the message can be received, is leased, or its delay is not over.',
})

const time = (description: string) => Type.Optional(Type.String({ format: 'date-time', description }))

/** A message as one sees it who only looks. */
export const PeekedMessageSchema = Type.Object(
  {
    messageId: Type.String({ description: 'The id that the send answered.' }),
    state: MessageStateSchema,
    body: Type.String({ description: 'The text of the message; in lists its first 4,096 characters.' }),
    bodyBytes: Type.Integer({ description: 'How large the whole body is.' }),
    isBodyCut: Type.Boolean({ description: 'Whether the body is longer than what is shown of it.' }),
    attributes: MessageAttributesSchema,
    traceHeader,
    groupId: token('The group that the message was sent with.'),
    deduplicationId: token('On FIFO queues: the id as it was sent, or the SHA-256 of the body.'),
    sequenceNumber,
    receiveCount: Type.Integer({ minimum: 0, description: 'How often the message was delivered.' }),
    sentAt: Type.String({ format: 'date-time', description: 'When the message was sent.' }),
    firstReceivedAt: time('When the message was delivered for the first time.'),
    visibleAt: time('When a leased or delayed message can be received.'),
    deadLetterSource: Type.Optional(
      Type.String({ description: 'The queue that the message was a dead letter of, when it was moved here.' }),
    ),
  },
  {
    additionalProperties: false,
    title: 'PeekedMessage',
    description: 'A message as it stands in its queue, looked at without receiving it.',
  },
)

export const PEEKED_MESSAGE_EXAMPLE: Static<typeof PeekedMessageSchema> = {
  messageId: '019e6f3a-5d00-7000-8000-000000000002',
  state: 'leased',
  body: '{"orderId":17}',
  bodyBytes: 14,
  isBodyCut: false,
  attributes: { priority: { type: 'number', value: '3' } },
  receiveCount: 1,
  sentAt: '2026-08-01T12:00:00.000Z',
  firstReceivedAt: '2026-08-01T12:00:05.000Z',
  visibleAt: '2026-08-01T12:00:35.000Z',
}

/** Shows a message that was looked at. */
export function toPeekedView(message: PeekedMessage): Static<typeof PeekedMessageSchema> {
  const { traceHeader, groupId, fifo, sentAtMs, firstReceivedAt, visibleAt, deadLetterSource, ...rest } = message
  return {
    ...rest,
    sentAt: new Date(sentAtMs).toISOString(),
    ...fifo,
    ...(traceHeader === undefined ? {} : { traceHeader }),
    ...(groupId === undefined ? {} : { groupId }),
    ...(firstReceivedAt === undefined ? {} : { firstReceivedAt: firstReceivedAt.toISOString() }),
    ...(visibleAt === undefined ? {} : { visibleAt: visibleAt.toISOString() }),
    ...(deadLetterSource === undefined ? {} : { deadLetterSource }),
  }
}
