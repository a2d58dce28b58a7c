import type { Statement } from '../database/database.ts'
import { claimStatement } from './claim-statement.ts'
import { deleteStatement } from './delete-statement.ts'
import { withoutDeadline } from './many-lanes-tick.ts'
import { sendStatement } from './send-statement.ts'
import type { Tick, TickItems } from './tick.ts'

/** One call of `one_lane_tick_v1`, see `migrations/0030_one_lane_tick.sql` and decision 0032. */
const ONE_LANE_TICK: Statement = {
  name: 'stanchion_one_lane_tick_v1',
  text: `SELECT lane_id, stale, message_lane, seq_ms, seq_number, lease_seq, lease_index, receive_count, first_received_ms, body,
    attributes, now_ms, due_in_ms, nothing_due, origin_lane, origin_seq, source_queue, moved, moved_on, first_seq, removed
    FROM stanchion.one_lane_tick_v1($1, $2, $3,
      $4, $5::bigint[], $6::bigint[], $7::bit varying[], $8::integer[], $9::integer[], $10::bigint[], $11::bigint[], $12::bigint[],
      $13::integer[],
      $14, $15::text[], $16::text[],
      $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28)`,
}

const COLUMN = { stale: 1, now: 11, firstSeq: 19, removed: 20 } as const

/** Whether all items are of one lane, which is no delay stream. */
export function isOfOneLane(items: TickItems): boolean {
  const lane = laneOf(items)
  return (
    lane !== undefined &&
    lane > 0 &&
    items.claim.length <= 1 &&
    items.send.every((item) => item.lane === lane) &&
    items.delete.every(({ queueLanes }) => queueLanes.length === 1 && queueLanes[0] === lane)
  )
}

function laneOf({ claim, send, delete: deletes }: TickItems): number | undefined {
  return claim[0]?.lane ?? send[0]?.lane ?? deletes[0]?.queueLanes[0]
}

/** For items that are of one lane: the parameters of the three statements, without what they share and with elements where those have lists. */
export function bindOneLaneTick(bucket: number, items: TickItems, deadline: string): Tick {
  const lane = laneOf(items)
  const [, , ...deletes] = deleteStatement.bind(bucket, items.delete, deadline)
  const [, , versions, , , bodies, attributes] = sendStatement.bind(bucket, items.send, deadline)
  const [, , ...claims] = withoutDeadline(claimStatement.bind(bucket, items.claim, deadline))
  return {
    statement: ONE_LANE_TICK,
    values: [
      bucket,
      deadline,
      lane,
      items.delete.length > 0,
      ...deletes.slice(0, -1),
      onlyElement(versions),
      bodies,
      attributes,
      ...claims.map(onlyElement),
    ],
    read(rows) {
      const last = rows.at(-1) ?? []
      const now = last[COLUMN.now]
      const rowsIf = (column: number, others: readonly unknown[][]) => (last[column] === null ? [] : others)
      return {
        delete: deleteStatement.read(rowsIf(COLUMN.removed, [[lane, last[COLUMN.removed], now]]), items.delete),
        send: sendStatement.read(rowsIf(COLUMN.firstSeq, [[lane, last[COLUMN.firstSeq], now]]), items.send),
        claim: claimStatement.read(rowsIf(COLUMN.stale, rows), items.claim),
      }
    },
  }
}

/** Of a list of one or none; anything else is itself. */
function onlyElement(value: unknown): unknown {
  return Array.isArray(value) ? (value[0] ?? null) : value
}
