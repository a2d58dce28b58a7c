import { QUEUE_SETTING_RANGES } from '@stanchion/queue'
import { Type } from 'typebox'
import { BatchSizeLimits } from '../messages/message-schema.ts'
import { QueueNameSchema } from '../queues/queue-schema.ts'
import { EntryErrorSchema } from '../responses.ts'

export const ReceiptHandleSchema = Type.String({ minLength: 1, description: 'The receipt handle of a delivery.' })

export const LeaseParamsSchema = Type.Object({ queue: QueueNameSchema, receiptHandle: ReceiptHandleSchema })

export const VisibilityTimeoutSchema = Type.Integer({
  minimum: QUEUE_SETTING_RANGES.visibilityTimeoutSeconds.min,
  maximum: QUEUE_SETTING_RANGES.visibilityTimeoutSeconds.max,
  description: 'How long the message stays leased, counted from now; 0 releases it.',
})

/** The body of a request that names many deliveries. */
export const ReceiptHandlesSchema = Type.Object(
  { receiptHandles: Type.Array(ReceiptHandleSchema, { ...BatchSizeLimits, description: 'The deliveries.' }) },
  {
    additionalProperties: false,
    title: 'ReceiptHandles',
    examples: [{ receiptHandles: ['AQEBzWwaftRI0KuVm4tP', 'AQEBJxHv1kKdzZAR4bVx'] }],
  },
)

const HandleResultSchema = Type.Object(
  { error: Type.Optional(EntryErrorSchema) },
  {
    additionalProperties: false,
    title: 'HandleResult',
    description: 'What became of one receipt handle: an empty object when it worked.',
  },
)

export const HandleResultsSchema = Type.Object(
  { results: Type.Array(HandleResultSchema, { description: 'One for each handle, in the order given.' }) },
  { additionalProperties: false, title: 'HandleResults' },
)

export const HANDLE_RESULTS_EXAMPLE = {
  results: [{}, { error: { code: 'invalidReceiptHandle', detail: 'The receipt handle is not valid for this queue.' } }],
}
