import type { DeadLetterOutcome } from '../dead-letters/dead-letter-columns.ts'
import { type ClaimItem, type ClaimOutcome, claimStatement } from '../messages/claim-statement.ts'
import type { BatchStatement } from '../messages/statement-runner.ts'
import { FAIR_CLAIM } from '../messages/statements.ts'
import type { Owed } from './level-credit.ts'

/** A wish for messages of one family of lanes. */
export interface FairClaimItem extends Omit<ClaimItem, 'lane' | 'floorMs'> {
  /** By level; the first is the root. */
  readonly levels: readonly { readonly lane: number; readonly floorMs: number }[]
  /** What the deeper levels get ahead of those before them. */
  readonly owed: Owed
}

export interface FairClaimOutcome extends ClaimOutcome {
  /** By level. */
  readonly levels: readonly { readonly served: number; readonly isNothingDue: boolean }[]
}

export const fairClaimStatement: BatchStatement<FairClaimItem, FairClaimOutcome> = {
  operation: 'claim',
  statement: FAIR_CLAIM,
  entries: (item) => item.count,
  weigh: (item) => item.count,
  weightMax: claimStatement.weightMax,
  nowColumn: claimStatement.nowColumn,

  bind(bucket, items, deadline) {
    const sorted = [...items].sort((a, b) => rootOf(a) - rootOf(b))
    const levels = sorted.flatMap((item) => item.levels)
    let end = 0
    const [, , versions, counts, timeouts, retentions, , wait, trustedNow, , bytesMax, ...deadLetters] =
      claimStatement.bind(
        bucket,
        sorted.map((item) => ({ ...item, lane: rootOf(item), floorMs: 0 })),
        deadline,
      )
    return [
      bucket,
      levels.map((level) => level.lane),
      sorted.map((item) => {
        end += item.levels.length
        return end
      }),
      versions,
      counts,
      sorted.map((item) => item.owed.count),
      sorted.map((item) => item.owed.level),
      timeouts,
      retentions,
      levels.map(({ floorMs }) => (Number.isFinite(floorMs) ? new Date(floorMs).toISOString() : '-infinity')),
      wait,
      trustedNow,
      deadline,
      bytesMax,
      ...deadLetters,
    ]
  },

  read(rows, items) {
    const lanes = items.flatMap((item) =>
      item.levels.map(({ lane, floorMs }) => ({ ...item, lane, floorMs, wait: false })),
    )
    const outcomes = new Map(claimStatement.read(rows, lanes).map((outcome, i) => [lanes[i]?.lane, outcome]))
    const waited = items.some((item) => item.wait)
    return items.map((item) => {
      const levels = item.levels.map(({ lane }) => outcomes.get(lane) as ClaimOutcome)
      const seen = levels.filter((level) => level.state !== 'busy')
      const messages = levels.flatMap((level) => level.messages)
      const dues = levels.flatMap((level) => level.nextDueInMs ?? [])
      const state = seen.length === 0 && waited ? 'stale' : (seen.find((level) => level.state === 'stale') ?? seen[0])
      return {
        state: typeof state === 'string' ? state : (state?.state ?? 'busy'),
        messages,
        // A level that is owed more than it has leaves room which others could have filled.
        hasMore:
          messages.length < item.count &&
          (levels.some((level) => level.hasMore) || (messages.length > 0 && item.owed.count > 0)),
        deadLetters: sumOf(levels.flatMap((level) => level.deadLetters ?? [])),
        nextDueInMs: dues.length === 0 ? undefined : Math.min(...dues),
        isNothingDue: levels.every((level) => level.isNothingDue),
        nowMs: levels[0]?.nowMs as number,
        levels: levels.map((level) => ({ served: level.messages.length, isNothingDue: level.isNothingDue })),
      }
    })
  },
}

function sumOf(deadLetters: readonly DeadLetterOutcome[]): DeadLetterOutcome | undefined {
  if (deadLetters.length === 0) return undefined
  return {
    moved: deadLetters.reduce((sum, { moved }) => sum + moved, 0),
    movedOn: deadLetters.reduce((sum, { movedOn }) => sum + movedOn, 0),
    isTargetGone: deadLetters.some(({ isTargetGone }) => isTargetGone),
  }
}

function rootOf(item: FairClaimItem): number {
  return item.levels[0]?.lane as number
}
