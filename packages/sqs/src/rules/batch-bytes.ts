import { SqsError } from '../errors/sqs-error.ts'
import type { MessageAttributeValues } from '../shapes/message-attribute-value.ts'

/** Bytes that all messages of a batch may have together. The queue's own limit does not lower it (SQS rule). */
export const BATCH_BYTES_MAX = 1_048_576

interface SizedEntry {
  readonly MessageBody?: string | undefined
  readonly MessageAttributes?: MessageAttributeValues | undefined
}

/**
 * Refuses a batch that is too long as a whole: bodies, and names, types and values of attributes.
 * @throws SqsError `BatchRequestTooLong`
 */
export function checkBatchBytes(entries: readonly SizedEntry[]): void {
  const bytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0)
  if (bytes <= BATCH_BYTES_MAX) return
  throw new SqsError(
    'BatchRequestTooLong',
    `Batch requests cannot be longer than ${BATCH_BYTES_MAX} bytes. You have sent ${bytes} bytes.`,
  )
}

function entryBytes({ MessageBody = '', MessageAttributes }: SizedEntry): number {
  let bytes = Buffer.byteLength(MessageBody)
  if (MessageAttributes === undefined) return bytes
  for (const [name, { DataType = '', StringValue = '', BinaryValue = '' }] of Object.entries(MessageAttributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(DataType)
    bytes += Buffer.byteLength(StringValue) + Buffer.byteLength(BinaryValue, 'base64')
  }
  return bytes
}
