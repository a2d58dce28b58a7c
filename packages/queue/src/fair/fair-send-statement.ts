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
    const groups = new Map<FamilyItems, Map<string, number>>()
    const lists = {
      lanes: [] as number[],
      laneEnds: [] as number[],
      tails: [] as number[],
      groups: [] as string[],
      groupEnds: [] as number[],
      entryEnds: [] as number[],
      entryGroups: [] as number[],
      entryNumbers: [] as number[],
    }
    const entries: FairEntry[] = []
    for (const family of families) {
      const places = new Map<string, number>()
      const counts = new Map<string, number>()
      groups.set(family, places)
      for (const entry of family.items.flatMap((item) => item.entries)) {
        let place = places.get(entry.groupId)
        if (place === undefined) {
          place = lists.groups.push(entry.groupId)
          places.set(entry.groupId, place)
        }
        const number = (counts.get(entry.groupId) ?? 0) + 1
        counts.set(entry.groupId, number)
        lists.entryGroups.push(place)
        lists.entryNumbers.push(number)
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
      lists.tails,
      lists.groups,
      lists.groupEnds,
      lists.entryEnds,
      lists.entryGroups,
      lists.entryNumbers,
      entries.map((entry) => entry.body),
      entries.map((entry) => entry.attributes),
      entries.map((entry) => entry.delaySeconds),
      LEVEL_PLACE_ENDS,
      deadline,
    ]
  },

  read(rows, items) {
    const places: { lane: number; seq: bigint }[] = []
    const missing = new Map<number, number>()
    for (const [entry, lane, seq, level] of rows) {
      if (entry === null) missing.set(Number(lane), level as number)
      else places[(entry as number) - 1] = { lane: Number(lane), seq: BigInt(seq as string) }
    }
    const outcomes = new Map<FairSendItem, FairSendOutcome>()
    let next = 0
    for (const family of inFamilies(items)) {
      const missingLevel = missing.get(family.lanes[0] as number)
      for (const item of family.items) {
        const own = places.slice(next, next + item.entries.length)
        next += item.entries.length
        if (missingLevel !== undefined) outcomes.set(item, { missingLevel })
        else if (own[0] !== undefined) outcomes.set(item, { places: own })
      }
    }
    return items.map((item) => outcomes.get(item))
  },
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
