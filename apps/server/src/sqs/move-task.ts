import { type Engine, QueueError, type QueueKey } from '@stanchion/queue'
import { missingResource, readMoveTaskArn, SqsError } from '@stanchion/sqs'
import type { Right } from '../access/move-rights.ts'
import type { SqsCall } from './operation.ts'
import { requireAccess } from './permissions.ts'

/**
 * The queue whose messages an ARN wants to be moved.
 * @throws SqsError `InvalidParameterValueException`, `ResourceNotFoundException`
 */
export function moveSource(call: SqsCall, sourceArn: string): QueueKey {
  return { accountId: call.caller.accountId, name: moveQueueName(call, sourceArn, 'SourceArn') }
}

/** @throws SqsError `InvalidParameterValueException`, `ResourceNotFoundException` */
export function moveQueueName(
  { caller, context }: SqsCall,
  arn: string,
  parameter: 'SourceArn' | 'DestinationArn',
): string {
  return readMoveTaskArn(arn, parameter, { region: context.region, accountId: caller.accountId })
}

/** @throws SqsError `AccessDeniedException` */
export async function requireRights(call: SqsCall, rights: readonly Right[]): Promise<void> {
  for (const { action, queue } of rights) await requireAccess(call, action, queue, undefined)
}

/** Makes one engine call about a source: that there is none is another error here than elsewhere. */
export async function onMoveSource<T>(call: SqsCall, work: (engine: Engine) => Promise<T>): Promise<T> {
  try {
    return await work(call.context.engine)
  } catch (error) {
    if (!(error instanceof QueueError) || error.code !== 'queueNotFound') throw error
    const { shape, message } = missingResource('SourceArn')
    throw new SqsError(shape, message, error)
  }
}
