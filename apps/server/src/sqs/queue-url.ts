import { formatQueueUrl } from '@stanchion/sqs'
import type { SqsCall } from './operation.ts'

/** The URL of a queue, for this caller. */
export function queueUrl({ context, caller, request }: SqsCall, name: string): string {
  const base = context.publicUrl ?? `${request.protocol}://${request.host}`
  return formatQueueUrl(base, caller.accountId, name)
}
