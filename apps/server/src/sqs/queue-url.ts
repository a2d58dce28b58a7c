import { formatQueueUrl } from '@stanchion/sqs'
import type { SqsCall } from './operation.ts'

/** The URL of a queue, for this caller. */
export function queueUrl({ context, request }: SqsCall, name: string): string {
  const base = context.publicUrl ?? `${request.protocol}://${request.host}`
  return formatQueueUrl(base, context.accountId, name)
}
