import type { EngineContext } from '../engine-context.ts'
import type { LiveQueue } from '../queues/live-queue.ts'
import type { QueueCatalogue } from '../queues/queue-catalogue.ts'
import type { Queue } from '../types.ts'
import type { DeadLetterOutcome } from './dead-letter-columns.ts'

/**
 * The queue that takes the dead letters of a queue. The setting is a name: the target may be gone, or be another queue than the
 * one it was given for.
 * @param isFresh whether this node's copy of the target turned out to be outdated
 * @throws QueueError `unavailable`
 */
export async function deadLetterQueue(
  catalogue: QueueCatalogue,
  { accountId, deadLetter, fifo }: Queue,
  isFresh: boolean,
): Promise<LiveQueue | undefined> {
  if (deadLetter === undefined) return undefined
  const target = await catalogue.find({ accountId, name: deadLetter.queueName }, isFresh)
  return (target?.queue.fifo === undefined) === (fifo === undefined) ? target : undefined
}

/**
 * Tells whoever waits for dead letters that some came (G27). Messages that were only moved on wake nobody, or queues that are each
 * other's dead-letter queues would keep each other busy; the safety tick finds them.
 */
export function deadLettered(
  context: EngineContext,
  source: Queue,
  target: Queue,
  { moved, movedOn }: DeadLetterOutcome,
): void {
  context.observer.messagesDeadLettered?.({ accountId: source.accountId, name: source.name }, moved)
  if (moved > movedOn && source.id !== target.id) context.announce(target.id, 0, 'deadLetter')
}
