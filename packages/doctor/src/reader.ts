import type { Facts, Known } from './facts/facts.ts'
import type { QueueName } from './report.ts'

/** Who reads a report, and of what they may know. */
export interface Reader {
  /** Queues of other accounts are not named to them. */
  readonly accountId: string
  /** Whether they may read what is about the database and the nodes, and not about one queue. */
  readonly seesInstallation: boolean
  reaches(queueName: string): boolean
}

/**
 * The facts with other names for the queues that a reader does not reach, the same name wherever a queue stands. So no check can
 * name them, whatever it says, and each still sees which queue is the dead-letter queue of which.
 */
export function hideQueues(facts: Facts, reader: Reader): Facts {
  const hidden = new Map<string, string>()
  const key = ({ accountId, name }: QueueName) => `${accountId}/${name}`
  for (const queue of 'value' in facts.queues ? facts.queues.value : []) {
    if (!reachesQueue(reader, queue)) hidden.set(key(queue), `another queue (${hidden.size + 1})`)
  }
  // What does not exist is nobody's: the name is a setting of the queue that has it.
  const nameOf = (queue: QueueName) => hidden.get(key(queue)) ?? queue.name
  return {
    ...facts,
    queues: mapKnown(facts.queues, (queues) =>
      queues.map((queue) => ({
        ...queue,
        name: nameOf(queue),
        deadLetterQueue:
          queue.deadLetterQueue === null ? null : nameOf({ accountId: queue.accountId, name: queue.deadLetterQueue }),
      })),
    ),
    service: mapKnown(facts.service, (service) => ({
      ...service,
      moveTasks: service.moveTasks.filter(({ accountId, source }) => reachesQueue(reader, { accountId, name: source })),
    })),
    node: mapKnown(facts.node, (node) => ({
      ...node,
      activity: {
        ...node.activity,
        queues: node.activity.queues.map((queue) => ({ ...queue, name: nameOf(queue) })),
      },
    })),
  }
}

/** Whether a reader may know of a queue. */
export function reachesQueue(reader: Reader, { accountId, name }: QueueName): boolean {
  return accountId === reader.accountId && reader.reaches(name)
}

function mapKnown<T>(fact: Known<T>, map: (value: T) => T): Known<T> {
  return 'value' in fact ? { value: map(fact.value) } : fact
}
