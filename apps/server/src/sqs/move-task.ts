import { type Engine, QueueError, type QueueKey } from '@stanchion/queue'
import { missingResource, readMoveTaskArn, SqsError } from '@stanchion/sqs'
import { firstForbiddenDestination } from '../move-destinations.ts'
import type { SqsCall } from './operation.ts'
import { requirePermission } from './permissions.ts'

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

/**
 * A task receives and deletes in its source and sends elsewhere, so whoever starts or cancels one must be allowed that.
 * @throws SqsError `AccessDeniedException`
 */
export function requireSourcePermissions(call: SqsCall, source: QueueKey): void {
  for (const action of ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes']) {
    requirePermission(call, action, source.name)
  }
}

/** @throws SqsError `AccessDeniedException`; QueueError */
export async function requireDestinationPermission(
  call: SqsCall,
  source: QueueKey,
  destination: string | undefined,
): Promise<void> {
  const name = await firstForbiddenDestination(call.context.engine, call.caller, source, destination)
  if (name !== undefined) requirePermission(call, 'SendMessage', name)
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
