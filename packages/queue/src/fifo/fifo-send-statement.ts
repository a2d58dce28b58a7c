import { textArray } from '../database/array-parameter.ts'
import type { LogEntry } from '../messages/send-statement.ts'
import { sendStatement } from '../messages/send-statement.ts'
import type { BatchStatement } from '../messages/statement-runner.ts'
import { FIFO_SEND } from '../messages/statements.ts'

/** One message as it goes into the log of a FIFO queue. */
export interface FifoEntry extends Omit<LogEntry, 'delaySeconds'> {
  readonly groupId: string
  readonly deduplicationId: string
  /** A hash of the deduplication id and the scope in which it is taken. */
  readonly key: Buffer
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

export const fifoSendStatement: BatchStatement<FifoSendItem, FifoSendOutcome> = {
  operation: 'send',
  statement: FIFO_SEND,
  entries: (item) => item.entries.length,
  weigh: (item) =>
    sendStatement.weigh({ ...item, entries: item.entries.map((entry) => ({ ...entry, delaySeconds: 0 })) }),
  weightMax: sendStatement.weightMax,
  nowColumn: 3,

  bind(bucket, items, deadline) {
    const versions = newestVersions(items)
    const lanes = [...versions.keys()].sort((a, b) => a - b)
    const entries = inStatementOrder(items)
    return [
      bucket,
      lanes,
      lanes.map((lane) => versions.get(lane)),
      entries.map(({ item }) => lanes.indexOf(item.lane) + 1),
      textArray(entries.map(({ entry }) => entry.body)),
      textArray(entries.map(({ entry }) => entry.attributes)),
      textArray(entries.map(({ entry }) => entry.groupId)),
      textArray(entries.map(({ entry }) => entry.deduplicationId)),
      entries.map(({ entry }) => entry.key),
      deadline,
    ]
  },

  read(rows, items) {
    const entries = inStatementOrder(items)
    const results = new Map<FifoSendItem, { seq: bigint; isDuplicate: boolean }[]>()
    const sorted = [...rows].sort((a, b) => (a[0] as number) - (b[0] as number))
    for (const [number, seq, isDuplicate] of sorted) {
      const { item } = entries[(number as number) - 1] as (typeof entries)[number]
      const result = results.get(item) ?? []
      result.push({ seq: BigInt(seq as string), isDuplicate: isDuplicate as boolean })
      results.set(item, result)
    }
    return items.map((item) => results.get(item))
  },
}

/** Entries of items whose version is not older than their neighbours': the others would be refused anyway. */
function inStatementOrder(items: readonly FifoSendItem[]) {
  const versions = newestVersions(items)
  return items
    .filter((item) => item.version === versions.get(item.lane))
    .flatMap((item) => item.entries.map((entry) => ({ item, entry })))
}

function newestVersions(items: readonly FifoSendItem[]): Map<number, number> {
  const versions = new Map<number, number>()
  for (const { lane, version } of items) versions.set(lane, Math.max(version, versions.get(lane) ?? version))
  return versions
}
