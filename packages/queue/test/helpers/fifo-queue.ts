import type pg from 'pg'
import type { Engine, FifoSettings, QueueKey, QueueSettings, SendResult } from '../../src/index.ts'
import { newKey } from './setup.ts'

/** Creates a FIFO queue that no other test uses; the body of a message is its deduplication id. */
export async function newFifo(
  engine: Engine,
  fifo: Partial<FifoSettings> = {},
  settings: Partial<QueueSettings> = {},
): Promise<QueueKey> {
  const { accountId, name } = newKey()
  const key = { accountId, name: `${name}.fifo` }
  await engine.createQueue({ ...key, fifo: { contentBasedDeduplication: true, ...fifo }, settings })
  return key
}

/** Sends bodies to groups in one call. */
export function sendTo(
  engine: Engine,
  key: QueueKey,
  ...messages: readonly [groupId: string, body: string][]
): Promise<SendResult[]> {
  return engine.sendMessages(
    key,
    messages.map(([groupId, body]) => ({ groupId, body })),
  )
}

/** Where the messages of a FIFO queue are. */
export interface FifoLane {
  readonly bucket: number
  readonly lane: number
  readonly version: number
}

/** The one lane of a FIFO queue. */
export async function laneOf(sql: pg.Client, { name }: QueueKey): Promise<FifoLane> {
  const { rows } = await sql.query<FifoLane>(
    `SELECT l.bucket, l.lane_id::integer AS lane, l.version FROM stanchion.queue q
     JOIN stanchion.lane l ON l.queue_id = q.queue_id AND l.kind = 2 WHERE q.name = $1`,
    [name],
  )
  return rows[0] as FifoLane
}
