import type { FactClient } from './fact-client.ts'
import type { Known } from './facts.ts'

/** A queue: what it is set to, and its kept numbers (decision 0020). */
export interface QueueFacts {
  readonly accountId: string
  readonly name: string
  readonly isFifo: boolean
  readonly visibilityTimeoutSeconds: number
  readonly retentionSeconds: number
  readonly deadLetterQueue: string | null
  readonly visible: number
  readonly inFlight: number
  readonly delayed: number
  /** Of the oldest message that is stored; `null`: the queue is empty. */
  readonly oldestSeconds: number | null
}

/** Two small tables, however many messages there are. */
const STATEMENT = `SELECT q.account_id AS "accountId", q.name, q.is_fifo AS "isFifo",
    q.visibility_timeout_seconds AS "visibilityTimeoutSeconds", q.retention_seconds AS "retentionSeconds",
    q.dead_letter_queue AS "deadLetterQueue", coalesce(s.visible, 0)::double precision AS visible,
    coalesce(s.in_flight, 0)::double precision AS "inFlight", coalesce(s.delayed, 0)::double precision AS delayed,
    extract(epoch FROM stanchion.clock() - s.oldest_sent_at)::double precision AS "oldestSeconds"
  FROM stanchion.queue q LEFT JOIN stanchion.queue_statistics s ON s.bucket = q.bucket AND s.queue_id = q.queue_id
  ORDER BY q.account_id, q.name`

export function readQueues(client: FactClient): Promise<Known<QueueFacts[]>> {
  return client.ask(STATEMENT, (rows) => rows as unknown as QueueFacts[])
}
