import type { Permission } from '@stanchion/identity'
import type { Engine, QueueKey } from '@stanchion/queue'
import type { Caller } from '../http/caller.ts'

/** Something that a caller must be allowed on a queue, under its name in SQS. */
export interface Right {
  readonly permission: Permission
  readonly action: string
  readonly queue: QueueKey
}

/** A move task receives and deletes in its source, so whoever starts or ends one must be allowed that. */
export function sourceRights(queue: QueueKey): Right[] {
  return [
    { permission: 'receive', action: 'ReceiveMessage', queue },
    { permission: 'receive', action: 'DeleteMessage', queue },
    { permission: 'describe', action: 'GetQueueAttributes', queue },
  ]
}

/**
 * A move task sends to its destination or, where each message goes to the queue it came from, to the queues that use the source as
 * their dead-letter queue.
 * @throws QueueError `queueNotFound`, `unavailable`
 */
export async function destinationRights(
  engine: Engine,
  { accessKeyId }: Caller,
  source: QueueKey,
  destination: string | undefined,
): Promise<Right[]> {
  // Nobody has to say who they are, so nobody is checked.
  if (accessKeyId === undefined) return []
  const { accountId } = source
  const toSend = (name: string): Right => ({ permission: 'send', action: 'SendMessage', queue: { accountId, name } })
  if (destination !== undefined) return [toSend(destination)]
  const rights: Right[] = []
  let after: string | undefined = ''
  while (after !== undefined) {
    const { queues, next } = await engine.listDeadLetterSources(source, { after, limit: 1_000 })
    rights.push(...queues.map(({ name }) => toSend(name)))
    after = next
  }
  return rights
}
