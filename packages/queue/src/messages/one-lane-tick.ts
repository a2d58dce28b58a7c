import type { Statement } from '../database/database.ts'
import { CLAIM_COLUMN, type ClaimItem, claimStatement, toFirstDeliveries, toOutcome } from './claim-statement.ts'
import { deleteStatement } from './delete-statement.ts'
import { withoutDeadline } from './many-lanes-tick.ts'
import { sendStatement } from './send-statement.ts'
import type { Tick, TickItems } from './tick.ts'

/** One call of `one_lane_tick_v2`, see `migrations/0036_narrow_tick.sql` and decision 0038. */
const ONE_LANE_TICK: Statement = {
  name: 'stanchion_one_lane_tick_v2',
  text: `SELECT seq_ms, seq_number, lease_index, body, attributes, more
    FROM stanchion.one_lane_tick_v2($1, $2, $3,
      $4, $5::bigint[], $6::bigint[], $7::bit varying[], $8::integer[], $9::integer[], $10::bigint[], $11::bigint[], $12::bigint[],
      $13::integer[],
      $14, $15::text[], $16::text[],
      $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28)`,
}

const COLUMN = { sentAt: 0, counter: 1, leaseIndex: 2, body: 3, attributes: 4, more: 5 } as const

/** What its last row says of all others. */
interface Summary {
  readonly nowMs: number
  readonly firstSeq: string | null
  readonly removed: number | null
  readonly stale: boolean | null
  readonly dueInMs: number | null
}

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
      const handedOut = rows.slice(0, -1)
      const [last = []] = rows.slice(-1)
      const { nowMs, firstSeq, removed, stale, dueInMs } = last[COLUMN.more] as Summary
      const rowIf = (value: unknown) => (value === null ? [] : [[lane, value, nowMs]])
      const toClaimed = (item: ClaimItem) => {
        const messages = toFirstDeliveries(item.lane, handedOut, COLUMN, nowMs)
        return toOutcome({ isStale: stale === true, messages, dueInMs, isNothingDue: true }, item, nowMs)
      }
      const outcomes = {
        delete: deleteStatement.read(rowIf(removed), items.delete),
        send: sendStatement.read(rowIf(firstSeq), items.send),
        claim:
          stale === null ? claimStatement.read(handedOut.map(toClaimRow), items.claim) : items.claim.map(toClaimed),
      }
      return { outcomes, nowMs }
    },
  }
}

/** The row that `claim_v2` answered. */
function toClaimRow(row: readonly unknown[]): unknown[] {
  const columns = [...(row[COLUMN.more] as unknown[])]
  columns[CLAIM_COLUMN.body] = row[COLUMN.body]
  columns[CLAIM_COLUMN.attributes] = row[COLUMN.attributes]
  return columns
}

/** Of a list of one or none; anything else is itself. */
function onlyElement(value: unknown): unknown {
  return Array.isArray(value) ? (value[0] ?? null) : value
}
