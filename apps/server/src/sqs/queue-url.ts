import { formatQueueUrl } from '@stanchion/sqs'
import type { SqsCall } from './operation.ts'

/** The URL of a queue, for this caller; of a queue of the own account, unless another one is given. */
export function queueUrl(
  { context, caller, request }: SqsCall,
  name: string,
  accountId: string = caller.accountId,
): string {
  const base = context.publicUrl ?? `${request.protocol}://${request.host}`
  return formatQueueUrl(base, accountId, name)
}
