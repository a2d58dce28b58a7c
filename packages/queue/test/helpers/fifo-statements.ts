import { createHash } from 'node:crypto'
import type pg from 'pg'
import { toParameter } from '../../src/database/array-parameter.ts'
import { fifoDeleteStatement } from '../../src/fifo/fifo-delete-statement.ts'
import { fifoSendStatement } from '../../src/fifo/fifo-send-statement.ts'
import type { FifoSettleState } from '../../src/fifo/fifo-settle-statement.ts'
import type { Delivery } from '../../src/messages/receipt-handle.ts'
import type { BatchStatement } from '../../src/messages/statement-runner.ts'
import type { FifoLane } from './fifo-queue.ts'

/** A message whose body is its deduplication id. */
export interface FifoMessage {
  readonly group: string
  readonly id: string
}

/** A delivery that was claimed. */
export interface Taken {
  readonly seq: string
  readonly count: number
}

/** What stands for a deduplication id in the database. */
export function keyOf({ id }: FifoMessage): string {
  return createHash('md5').update(id).digest('binary')
}

/** The statement of a send, on a connection of the test's own. */
export async function sendOn(
  client: pg.Client,
  lane: FifoLane,
  messages: readonly FifoMessage[],
): Promise<{ seq: string; isDuplicate: boolean }[]> {
  const entries = messages.map((message) => ({
    body: message.id,
    attributes: null,
    groupId: message.group,
    deduplicationId: message.id,
    key: keyOf(message),
  }))
  const outcome = await runOn(client, lane, fifoSendStatement, { ...lane, bytes: 0, entries })
  return (outcome ?? []).map(({ seq, isDuplicate }) => ({ seq: String(seq), isDuplicate }))
}

/** The statement of a delete, on a connection of the test's own. */
export async function deleteOn(
  client: pg.Client,
  lane: FifoLane,
  taken: readonly Taken[],
  retentionSeconds: number,
): Promise<readonly { state: FifoSettleState; opensInMs: number | null }[]> {
  const entries = taken.map(({ seq, count }) => ({
    delivery: { lane: lane.lane, seq: BigInt(seq), receiveCount: count } as Delivery,
    timeoutSeconds: null,
  }))
  // No clock of a test gets there, so retention follows the clock of the database.
  const trustedNowMs = Date.UTC(2900, 0)
  return runOn(client, lane, fifoDeleteStatement, { ...lane, retentionSeconds, trustedNowMs, entries })
}

async function runOn<Item, Result>(
  client: pg.Client,
  { bucket }: FifoLane,
  batch: BatchStatement<Item, Result>,
  item: Item,
): Promise<Result> {
  const { rows } = await client.query<unknown[]>({
    text: batch.statement.text,
    values: batch.bind(bucket, [item], 'infinity').map(toParameter),
    rowMode: 'array',
  })
  return batch.read(rows, [item])[0] as Result
}
