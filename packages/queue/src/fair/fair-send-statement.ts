import { textArray } from '../database/array-parameter.ts'
import type { LogEntry } from '../messages/send-statement.ts'
import { sendStatement } from '../messages/send-statement.ts'
import type { BatchStatement } from '../messages/statement-runner.ts'
import { FAIR_SEND } from '../messages/statements.ts'
import { LEVEL_PLACE_ENDS } from './group-level.ts'

/** One message with a group. */
export interface FairEntry extends LogEntry {
  readonly groupId: string
}

/** The messages of one send that go to one family of lanes. */
export interface FairSendItem {
  readonly bucket: number
  /** By level; the first is the root. */
  readonly lanes: readonly number[]
  readonly version: number
  readonly entries: readonly FairEntry[]
  readonly bytes: number
}

/** Where each entry stands; or the level whose lane the family lacks; `undefined` when it is gone or was changed. */
export type FairSendOutcome =
  | { readonly places: readonly { readonly lane: number; readonly seq: bigint }[] }
  | { readonly missingLevel: number }
  | undefined

export const fairSendStatement: BatchStatement<FairSendItem, FairSendOutcome> = {
  operation: 'send',
  statement: FAIR_SEND,
  entries: (item) => item.entries.length,
  weigh: (item) => sendStatement.weigh({ ...item, lane: item.lanes[0] as number }),
  weightMax: sendStatement.weightMax,
  nowColumn: 4,

  bind(bucket, items, deadline) {
    const families = inFamilies(items)
    const lists = {
      lanes: [] as number[],
      laneEnds: [] as number[],
      tails: [] as number[],
      groups: [] as string[],
      groupSizes: [] as number[],
      delayedSizes: [] as number[],
      groupEnds: [] as number[],
      entryEnds: [] as number[],
      entryGroups: [] as number[],
      entryNumbers: [] as number[],
      entryKindNumbers: [] as number[],
    }
    const entries: FairEntry[] = []
    for (const family of families) {
      const places = new Map<string, number>()
      for (const entry of family.items.flatMap((item) => item.entries)) {
        let place = places.get(entry.groupId)
        if (place === undefined) {
          place = lists.groups.push(entry.groupId)
          places.set(entry.groupId, place)
          lists.groupSizes.push(0)
          lists.delayedSizes.push(0)
        }
        const number = (lists.groupSizes[place - 1] as number) + 1
        lists.groupSizes[place - 1] = number
        const isDelayed = entry.delaySeconds > 0
        const delayed = (lists.delayedSizes[place - 1] as number) + (isDelayed ? 1 : 0)
        lists.delayedSizes[place - 1] = delayed
        lists.entryGroups.push(place)
        lists.entryNumbers.push(number)
        lists.entryKindNumbers.push(isDelayed ? delayed : number - delayed)
        entries.push(entry)
      }
      lists.lanes.push(...family.lanes)
      lists.laneEnds.push(lists.lanes.length)
      lists.groupEnds.push(lists.groups.length)
      lists.entryEnds.push(entries.length)
      lists.tails.push(...family.lanes)
      const hasDelays = family.items.some((item) => item.entries.some((entry) => entry.delaySeconds > 0))
      if (hasDelays) lists.tails.push(...family.lanes.map((lane) => -lane))
    }
    return [
      bucket,
      lists.lanes,
      lists.laneEnds,
      families.map((family) => family.version),
      lists.tails.sort((a, b) => a - b),
      lists.groups,
      lists.groupSizes,
      lists.groupEnds,
      lists.entryEnds,
      lists.entryGroups,
      lists.entryNumbers,
      lists.entryKindNumbers,
      entries.map((entry) => entry.groupId),
      textArray(entries.map((entry) => entry.body)),
      textArray(entries.map((entry) => entry.attributes)),
      entries.map((entry) => entry.delaySeconds),
      LEVEL_PLACE_ENDS,
      deadline,
    ]
  },

  read(rows, items) {
    const stored = new Map(rows.map((row) => [Number(row[0]), row]))
    const outcomes = new Map<FairSendItem, FairSendOutcome>()
    for (const { lanes, items: own } of inFamilies(items)) {
      const [, firstSeq, streams, missingLevel] = stored.get(lanes[0] as number) ?? []
      let next = 0
      for (const item of own) {
        if (typeof missingLevel === 'number') outcomes.set(item, { missingLevel })
        if (typeof firstSeq !== 'string') continue
        const start = next
        next += item.entries.length
        outcomes.set(item, {
          places: item.entries.map((_, i) => ({
            lane: laneOf(lanes, (streams as number[])[start + i] as number),
            seq: BigInt(firstSeq) + BigInt(start + i),
          })),
        })
      }
    }
    return items.map((item) => outcomes.get(item))
  },
}

/** Streams are counted from 1: the lane of the first level, its delay stream, the lane of the second level, and so on. */
function laneOf(lanes: readonly number[], stream: number): number {
  const lane = lanes[(stream - 1) >> 1] as number
  return stream % 2 === 1 ? lane : -lane
}

interface FamilyItems {
  readonly lanes: readonly number[]
  readonly version: number
  readonly items: FairSendItem[]
}

/** By root, ascending. Items that work with an older copy of a queue than their neighbours' would be refused anyway. */
function inFamilies(items: readonly FairSendItem[]): FamilyItems[] {
  const families = new Map<number, FamilyItems>()
  for (const item of items) {
    const root = item.lanes[0] as number
    const family = families.get(root)
    if (family === undefined || family.version < item.version) families.set(root, { ...item, items: [item] })
    else if (family.version === item.version) family.items.push(item)
  }
  return [...families.entries()].sort(([a], [b]) => a - b).map(([, family]) => family)
}
