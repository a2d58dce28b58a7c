import { LIMITS, QUEUE_SETTING_RANGES, type ReceivedMessage, type SendResult } from '@stanchion/queue'
import { type Static, Type } from 'typebox'
import { FreeKeys } from '../record.ts'

export const BatchSizeLimits = { minItems: 1, maxItems: LIMITS.batchEntriesMax }

const MessageAttributeSchema = Type.Object(
  {
    type: Type.Enum(['string', 'number', 'binary'], {
      type: 'string',
      title: 'MessageAttributeType',
      description: 'What the value is.',
    }),
    label: Type.Optional(Type.String({ description: 'A free word that says more about the type, such as `int`.' })),
    value: Type.String({ description: 'The value as text; of type `binary` as base64.' }),
  },
  { additionalProperties: false, title: 'MessageAttribute', description: 'A value that travels beside the body.' },
)

export const MessageAttributesSchema = FreeKeys(MessageAttributeSchema, {
  maxProperties: LIMITS.messageAttributesMax,
  title: 'MessageAttributes',
  description: `Values that travel beside the body, by name; up to ${LIMITS.messageAttributesMax}.`,
})

const body = Type.String({ minLength: 1, description: 'The text of the message, kept byte for byte.' })
export const traceHeader = Type.Optional(
  Type.String({
    description:
      'An opaque tracing header; it does not count into the size of the message. Absent, and without an attribute ' +
      '`traceparent`: the trace of the request that sends the message, from its header `traceparent` or ' +
      '`X-Amzn-Trace-Id`, in the form of the latter.',
  }),
)

/** Of a message group, a deduplication id or an attempt to receive. */
export function token(description: string) {
  return Type.Optional(Type.String({ minLength: 1, maxLength: 128, pattern: '^[!-~]+$', description }))
}

export const sequenceNumber = Type.Optional(
  Type.String({
    pattern: '^[0-9]{20}$',
    description: 'On FIFO queues: the place of the message in the queue, 20 digits. Later messages have greater ones.',
  }),
)

export const NewMessageSchema = Type.Object(
  {
    body,
    delaySeconds: Type.Optional(
      Type.Integer({
        minimum: QUEUE_SETTING_RANGES.delaySeconds.min,
        maximum: QUEUE_SETTING_RANGES.delaySeconds.max,
        description:
          'How long nobody receives the message. Absent, and 0 on FIFO queues: the delay of the queue; more is refused there.',
      }),
    ),
    attributes: Type.Optional(MessageAttributesSchema),
    traceHeader,
    groupId: token(
      'On FIFO queues, where it is required: messages of one group keep their order. On standard queues: whose message it ' +
        'is; a group with a large backlog does not make the others wait.',
    ),
    deduplicationId: token(
      'On FIFO queues alone: for five minutes no other message with this id is stored. Required there, unless ' +
        '`contentBasedDeduplication` is on.',
    ),
  },
  {
    additionalProperties: false,
    title: 'NewMessage',
    description: 'A message to be sent.',
    examples: [
      { body: '{"orderId":17}', attributes: { priority: { type: 'number', value: '3' } } },
      { body: '{"orderId":17}', groupId: 'customer-4', deduplicationId: 'order-17' },
    ],
  },
)

/** What FIFO queues say of a message that was sent. */
export const fifoSendResult = {
  sequenceNumber,
  isDuplicate: Type.Optional(
    Type.Boolean({
      description:
        'On FIFO queues: whether nothing was stored, because a message with the same deduplication id was within five ' +
        'minutes. The ids are those of that message then.',
    }),
  ),
}

export const SentMessageSchema = Type.Object(
  { messageId: Type.String({ description: 'The id of the message.' }), ...fifoSendResult },
  { additionalProperties: false, title: 'SentMessage' },
)

/** Shows what was sent. */
export function toSentView({
  messageId,
  sequenceNumber,
  isDuplicate,
}: Extract<SendResult, { ok: true }>): Static<typeof SentMessageSchema> {
  return sequenceNumber === undefined ? { messageId } : { messageId, sequenceNumber, isDuplicate: isDuplicate === true }
}

export const ReceivedMessageSchema = Type.Object(
  {
    messageId: Type.String({ description: 'The id that the send answered.' }),
    receiptHandle: Type.String({
      description: 'Names this delivery: with it the message is deleted, extended or released.',
    }),
    body,
    attributes: MessageAttributesSchema,
    traceHeader,
    groupId: token('The group that the message was sent with.'),
    deduplicationId: token('On FIFO queues: the id as it was sent, or the SHA-256 of the body.'),
    sequenceNumber,
    receiveCount: Type.Integer({ minimum: 1, description: 'How often the message was delivered, this time included.' }),
    deadLetterSource: Type.Optional(
      Type.String({ description: 'The queue that the message was a dead letter of, when it was moved here.' }),
    ),
    sentAt: Type.String({ format: 'date-time', description: 'When the message was sent.' }),
    firstReceivedAt: Type.String({
      format: 'date-time',
      description: 'When the message was delivered for the first time.',
    }),
  },
  { additionalProperties: false, title: 'Message', description: 'A message as it is received.' },
)

/** Shows a received message. */
export function toMessageView(message: ReceivedMessage): Static<typeof ReceivedMessageSchema> {
  const {
    messageId,
    receiptHandle,
    body,
    attributes,
    traceHeader,
    groupId,
    deadLetterSource,
    receiveCount,
    sentAtMs,
    firstReceivedAtMs,
  } = message
  const view = {
    messageId,
    receiptHandle,
    body,
    attributes,
    receiveCount,
    sentAt: new Date(sentAtMs).toISOString(),
    firstReceivedAt: new Date(firstReceivedAtMs).toISOString(),
    ...(groupId === undefined ? undefined : { groupId }),
    ...message.fifo,
  }
  return {
    ...view,
    ...(traceHeader === undefined ? undefined : { traceHeader }),
    ...(deadLetterSource === undefined ? undefined : { deadLetterSource }),
  }
}
