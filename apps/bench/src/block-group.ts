import pg from 'pg'
import { HttpConnection } from './http-connection.ts'

/**
 * Puts a blocked group in front of a FIFO queue: its first message is leased for as long as can be, and so many stand behind it. They go
 * straight into the log, because sending a million of them would take longer than the measurement.
 */
export async function blockGroup(
  target: Parameters<typeof HttpConnection.open>[0],
  databaseUrl: string,
  queueUrl: string,
  messages: number,
): Promise<void> {
  const connection = await HttpConnection.open(target)
  const message = { MessageBody: 'x', MessageGroupId: 'blocked', MessageDeduplicationId: 'blocked' }
  await connection.call('SendMessage', JSON.stringify({ QueueUrl: queueUrl, ...message }))
  await connection.call('ReceiveMessage', JSON.stringify({ QueueUrl: queueUrl, VisibilityTimeout: 43_200 }))
  connection.close()
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query(
    `INSERT INTO stanchion.message_log (bucket, lane_id, seq, ord, body, group_id, deduplication_id)
     SELECT m.bucket, m.lane_id, m.seq + i, m.ord + i, repeat('x', 200), m.group_id, 'blocked-' || i
     FROM stanchion.queue q
     JOIN stanchion.lane l ON l.queue_id = q.queue_id AND l.kind = 2
     JOIN stanchion.message_log m ON m.bucket = l.bucket AND m.lane_id = l.lane_id
     CROSS JOIN generate_series(1, $2::integer) i
     WHERE q.name = $1`,
    [queueUrl.split('/').at(-1), messages],
  )
  await client.end()
}
