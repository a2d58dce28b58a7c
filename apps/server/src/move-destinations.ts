import type { Engine, QueueKey } from '@stanchion/queue'
import type { Caller } from './http/caller.ts'

/**
 * The first queue that a move task would send to and the caller may not: the destination, or, where each message goes to the queue
 * it came from, one of the queues that use the source as their dead-letter queue.
 * @throws QueueError `queueNotFound`, `unavailable`
 */
export async function firstForbiddenDestination(
  engine: Engine,
  caller: Caller,
  source: QueueKey,
  destination: string | undefined,
): Promise<string | undefined> {
  if (destination !== undefined) return caller.may('send', destination) ? undefined : destination
  // Whoever may send to every queue need not be asked about each.
  if (caller.may('send')) return undefined
  let after = ''
  for (;;) {
    const { queues, next } = await engine.listDeadLetterSources(source, { after, limit: 1_000 })
    const forbidden = queues.find(({ name }) => !caller.may('send', name))
    if (forbidden !== undefined) return forbidden.name
    if (next === undefined) return undefined
    after = next
  }
}
