import { LIMITS, QUEUE_SETTING_RANGES, type ReceivedMessage } from '@stanchion/queue'
import { type Static, Type } from 'typebox'
import { FreeKeys } from '../record.ts'

export const BatchSizeLimits = { minItems: 1, maxItems: LIMITS.batchEntriesMax }

const MessageAttributeSchema = Type.Object(
  {
    type: Type.Enum(['string', 'number', 'binary'], { type: 'string', description: 'What the value is.' }),
    label: Type.Optional(Type.String({ description: 'A free word that says more about the type, such as `int`.' })),
    value: Type.String({ description: 'The value as text; of type `binary` as base64.' }),
  },
  { additionalProperties: false, title: 'MessageAttribute', description: 'A value that travels beside the body.' },
)

const MessageAttributesSchema = FreeKeys(MessageAttributeSchema, {
  maxProperties: LIMITS.messageAttributesMax,
  title: 'MessageAttributes',
  description: `Values that travel beside the body, by name; up to ${LIMITS.messageAttributesMax}.`,
})

const body = Type.String({ minLength: 1, description: 'The text of the message, kept byte for byte.' })
const traceHeader = Type.Optional(
  Type.String({ description: 'An opaque tracing header; it does not count into the size of the message.' }),
)

export const NewMessageSchema = Type.Object(
  {
    body,
    delaySeconds: Type.Optional(
      Type.Integer({
        minimum: QUEUE_SETTING_RANGES.delaySeconds.min,
        maximum: QUEUE_SETTING_RANGES.delaySeconds.max,
        description: 'How long nobody receives the message. Absent: the delay of the queue.',
      }),
    ),
    attributes: Type.Optional(MessageAttributesSchema),
    traceHeader,
  },
  {
    additionalProperties: false,
    title: 'NewMessage',
    description: 'A message to be sent.',
    examples: [{ body: '{"orderId":17}', attributes: { priority: { type: 'number', value: '3' } } }],
  },
)

export const SentMessageSchema = Type.Object(
  { messageId: Type.String({ description: 'The id of the message.' }) },
  { additionalProperties: false, title: 'SentMessage' },
)

export const ReceivedMessageSchema = Type.Object(
  {
    messageId: Type.String({ description: 'The id that the send answered.' }),
    receiptHandle: Type.String({
      description: 'Names this delivery: with it the message is deleted, extended or released.',
    }),
    body,
    attributes: MessageAttributesSchema,
    traceHeader,
    receiveCount: Type.Integer({ minimum: 1, description: 'How often the message was delivered, this time included.' }),
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
  const { messageId, receiptHandle, body, attributes, traceHeader, receiveCount, sentAtMs, firstReceivedAtMs } = message
  const view = {
    messageId,
    receiptHandle,
    body,
    attributes,
    receiveCount,
    sentAt: new Date(sentAtMs).toISOString(),
    firstReceivedAt: new Date(firstReceivedAtMs).toISOString(),
  }
  return traceHeader === undefined ? view : { ...view, traceHeader }
}
