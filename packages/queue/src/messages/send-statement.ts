import { textArray } from '../database/array-parameter.ts'
import type { BatchStatement } from './statement-runner.ts'
import { SEND } from './statements.ts'

/** One message as it goes into the log. */
export interface LogEntry {
  readonly body: string
  readonly attributes: string | null
  /** Read for delay streams only. */
  readonly delaySeconds: number
}

/** The messages of one send that go to the tail of one lane. */
export interface SendItem {
  readonly bucket: number
  /** Negative for the delay stream of a lane. */
  readonly lane: number
  /** The version of the queue that the caller worked with. */
  readonly version: number
  readonly entries: readonly LogEntry[]
  readonly bytes: number
}

/**
 * Where an item's messages stand: consecutive from `firstSeq`; `undefined` when the lane is gone or was changed. `tick`: the number of
 * the tick that stored them, see `BucketTicks`.
 */
export type SendOutcome = { readonly firstSeq: bigint; readonly tick?: number } | undefined

/** Messages count a kilobyte more than they weigh, so that many small ones make a full batch too. */
const ENTRY_OVERHEAD_BYTES = 1_024

/** What a send weighs in its batch, in bytes. */
export function sendWeight(item: { readonly bytes: number; readonly entries: readonly unknown[] }): number {
  return item.bytes + item.entries.length * ENTRY_OVERHEAD_BYTES
}

export const sendStatement: BatchStatement<SendItem, SendOutcome> = {
  operation: 'send',
  statement: SEND,
  entries: (item) => item.entries.length,
  weigh: sendWeight,
  weightMax: 1_048_576,
  nowColumn: 2,

  bind(bucket, items, deadline) {
    const versions = newestVersions(items)
    const lanes = [...versions.keys()].sort((a, b) => a - b)
    const places = new Map(lanes.map((lane, i) => [lane, i + 1]))
    const counts = new Map<number, number>()
    const entryLanes: number[] = []
    const entryNumbers: number[] = []
    const bodies: string[] = []
    const attributes: (string | null)[] = []
    const delays: number[] = []
    for (const item of items) {
      if (item.version !== versions.get(item.lane)) continue
      const place = places.get(item.lane) as number
      let number = counts.get(item.lane) ?? 0
      for (const entry of item.entries) {
        entryLanes.push(place)
        entryNumbers.push(++number)
        bodies.push(entry.body)
        attributes.push(entry.attributes)
        delays.push(entry.delaySeconds)
      }
      counts.set(item.lane, number)
    }
    return [
      bucket,
      lanes,
      lanes.map((lane) => versions.get(lane)),
      entryLanes,
      entryNumbers,
      textArray(bodies),
      textArray(attributes),
      delays,
      deadline,
    ]
  },

  read(rows, items) {
    const nextSeqs = new Map<number, bigint>()
    for (const [lane, firstSeq] of rows) nextSeqs.set(Number(lane), BigInt(firstSeq as string))
    const versions = newestVersions(items)
    return items.map((item) => {
      const firstSeq = nextSeqs.get(item.lane)
      if (firstSeq === undefined || item.version !== versions.get(item.lane)) return undefined
      nextSeqs.set(item.lane, firstSeq + BigInt(item.entries.length))
      return { firstSeq }
    })
  },
}

/** Items that work with an older copy of a queue than their neighbours' would be refused anyway. */
function newestVersions(items: readonly SendItem[]): Map<number, number> {
  const versions = new Map<number, number>()
  for (const { lane, version } of items) {
    const known = versions.get(lane)
    if (known === undefined || known < version) versions.set(lane, version)
  }
  return versions
}
