import { byteArray, textArray } from '../database/array-parameter.ts'
import { type LogEntry, sendStatement, sendWeight } from '../messages/send-statement.ts'
import type { BatchStatement } from '../messages/statement-runner.ts'
import { FIFO_SEND } from '../messages/statements.ts'

/** One message as it goes into the log of a FIFO queue. */
export interface FifoEntry extends Omit<LogEntry, 'delaySeconds'> {
  readonly groupId: string
  readonly deduplicationId: string
  /** A hash of the deduplication id and the scope in which it is taken: 16 bytes, as characters (latin1). */
  readonly key: string
}

/** The messages of one call. */
export interface FifoSendItem {
  readonly bucket: number
  readonly lane: number
  readonly version: number
  readonly entries: readonly FifoEntry[]
  readonly bytes: number
}

/** For each entry the place of its message, or of the one it repeats; `undefined` when the lane is gone or was changed. */
export type FifoSendOutcome = readonly { readonly seq: bigint; readonly isDuplicate: boolean }[] | undefined

/** What one statement sends to one lane. */
interface LaneLoad {
  readonly lane: number
  readonly version: number
  /** Those of the newest version: the others would be refused anyway. */
  readonly items: readonly FifoSendItem[]
  /** The entries without those that repeat the id of an earlier one. */
  readonly entries: readonly FifoEntry[]
  /** For each entry of the items the index in `entries` of the first with its id. */
  readonly firsts: readonly number[]
}

export const fifoSendStatement: BatchStatement<FifoSendItem, FifoSendOutcome> = {
  operation: 'send',
  statement: FIFO_SEND,
  entries: (item) => item.entries.length,
  weigh: sendWeight,
  weightMax: sendStatement.weightMax,
  nowColumn: 4,

  bind(bucket, items, deadline) {
    const loads = byLane(items)
    const entries = loads.flatMap((load) => load.entries)
    let end = 0
    return [
      bucket,
      loads.map(({ lane }) => lane),
      loads.map(({ version }) => version),
      loads.map((load) => {
        end += load.entries.length
        return end
      }),
      textArray(entries.map(({ body }) => body)),
      textArray(entries.map(({ attributes }) => attributes)),
      textArray(entries.map(({ groupId }) => groupId)),
      textArray(entries.map(({ deduplicationId }) => deduplicationId)),
      byteArray(entries.map(({ key }) => key)),
      deadline,
    ]
  },

  read(rows, items) {
    const answers = new Map(rows.map((row) => [Number(row[0]), row]))
    const results = new Map<FifoSendItem, FifoSendOutcome>()
    for (const load of byLane(items)) {
      const answer = answers.get(load.lane)
      if (answer === undefined) continue
      const places = toPlaces(load.entries.length, answer)
      let next = 0
      let newest = -1
      for (const item of load.items) {
        const outcome = item.entries.map(() => {
          const first = load.firsts[next++] as number
          const { seq, isKnown } = places[first] as (typeof places)[number]
          const isDuplicate = isKnown || first <= newest
          newest = Math.max(newest, first)
          return { seq, isDuplicate }
        })
        results.set(item, outcome)
      }
    }
    return items.map((item) => results.get(item))
  },
}

/** Where each of a lane's entries stands, by the answer of `fifo_send_v2`. */
function toPlaces(count: number, [, firstSeq, knownPlaces, knownSeqs]: readonly unknown[]) {
  const known = new Map((knownPlaces as number[]).map((place, i) => [place - 1, (knownSeqs as string[])[i] as string]))
  let nextSeq = BigInt(firstSeq as string)
  return Array.from({ length: count }, (_, i) => {
    const seq = known.get(i)
    return seq === undefined ? { seq: nextSeq++, isKnown: false } : { seq: BigInt(seq), isKnown: true }
  })
}

/** The items by lane, in the order of the statement. */
function byLane(items: readonly FifoSendItem[]): LaneLoad[] {
  const lanes = new Map<number, FifoSendItem[]>()
  for (const item of items) {
    const others = lanes.get(item.lane)
    if (others === undefined) lanes.set(item.lane, [item])
    else others.push(item)
  }
  return [...lanes].sort(([a], [b]) => a - b).map(([lane, all]) => toLoad(lane, all))
}

function toLoad(lane: number, all: readonly FifoSendItem[]): LaneLoad {
  const version = Math.max(...all.map((item) => item.version))
  const items = all.filter((item) => item.version === version)
  const entries: FifoEntry[] = []
  const firsts: number[] = []
  const indexes = new Map<string, number>()
  for (const item of items) {
    for (const entry of item.entries) {
      let index = indexes.get(entry.key)
      if (index === undefined) {
        index = entries.push(entry) - 1
        indexes.set(entry.key, index)
      }
      firsts.push(index)
    }
  }
  return { lane, version, items, entries, firsts }
}
