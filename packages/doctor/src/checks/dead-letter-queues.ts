import type { QueueFacts } from '../facts/read-queues.ts'
import { queueId } from './queue-activity.ts'

export interface DeadLetterQueue {
  readonly queue: QueueFacts
  /** The queues that send their dead letters there. */
  readonly sources: readonly QueueFacts[]
}

/** The dead-letter queues that are there. */
export function deadLetterQueues(queues: readonly QueueFacts[]): DeadLetterQueue[] {
  const sources = new Map<string, QueueFacts[]>()
  for (const queue of queues) {
    if (queue.deadLetterQueue === null) continue
    const id = queueId({ accountId: queue.accountId, name: queue.deadLetterQueue })
    sources.set(id, [...(sources.get(id) ?? []), queue])
  }
  return queues.flatMap((queue) => {
    const its = sources.get(queueId(queue))
    return its === undefined ? [] : [{ queue, sources: its }]
  })
}
