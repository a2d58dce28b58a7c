import type { QueueActivity } from '../facts/facts.ts'
import type { QueueName } from '../report.ts'

/** One text for a queue, to look it up by. */
export function queueId({ accountId, name }: QueueName): string {
  return `${accountId}/${name}`
}

export function activityBy(queues: readonly QueueActivity[]): ReadonlyMap<string, QueueActivity> {
  return new Map(queues.map((queue) => [queueId(queue), queue]))
}
