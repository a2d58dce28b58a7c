import pg from 'pg'
import type { Contender } from '../contenders/contender.ts'

const LEASE_SECONDS = 43_200

/**
 * Puts a blocked group in front of a FIFO queue of Stanchion: its first message is leased for as long as can be, and so many stand behind
 * it. They go straight into the log, because sending a million of them would take longer than the measurement.
 */
export async function blockGroup(contender: Contender, queue: string, messages: number): Promise<void> {
  const caller = await contender.connect()
  await caller.send(queue, [{ body: 'x', group: 'blocked', deduplicationId: 'blocked' }])
  await caller.receive(queue, { max: 1, leaseSeconds: LEASE_SECONDS })
  await caller.close()
  const client = new pg.Client({ connectionString: contender.databaseUrl })
  await client.connect()
  await client.query(
    `INSERT INTO stanchion.message_log (bucket, lane_id, seq, ord, body, group_id, deduplication_id)
     SELECT m.bucket, m.lane_id, m.seq + i, m.ord + i, repeat('x', 200), m.group_id, 'blocked-' || i
     FROM stanchion.queue q
     JOIN stanchion.lane l ON l.queue_id = q.queue_id AND l.kind = 2
     JOIN stanchion.message_log m ON m.bucket = l.bucket AND m.lane_id = l.lane_id
     CROSS JOIN generate_series(1, $2::integer) i
     WHERE q.name = $1`,
    [queue.split('/').at(-1), messages],
  )
  await client.end()
}
