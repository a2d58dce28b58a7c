import type { Violation } from '../checkers/checker.ts'
import { CHECKERS } from '../checkers/index.ts'
import { VOID, type VoidLimits, voidRun } from '../checkers/void-run.ts'
import type { RestEvent } from '../history/event.ts'
import { indexHistory } from '../history/index-history.ts'
import { type Operations, operationsIn } from '../history/operations.ts'
import { readHistory } from '../history/read-history.ts'

/** What a checker says of a history. */
export interface Verdict {
  readonly checker: string
  readonly promises: readonly string[]
  /** How many things it looked at. */
  readonly checked: number
  readonly violations: readonly Violation[]
}

/** What all checkers say of a history, and what it is about. */
export interface Judgement {
  readonly verdicts: readonly Verdict[]
  readonly requests: number
  readonly operations: Operations
  /** What servers and database held at rest, in this round and those before it. */
  readonly rests: readonly RestEvent[]
  /** The names of the faults that were injected, one for each time. */
  readonly faults: readonly string[]
}

/**
 * Lets every checker look at a history file.
 * @param names only of these; a part of a history makes most of the others red
 */
export function judge(historyFile: string, limits: VoidLimits, names?: readonly string[]): Judgement {
  const events = readHistory(historyFile)
  const history = indexHistory(events)
  const checkers = [...CHECKERS, voidRun(limits)].filter(({ name }) => names === undefined || names.includes(name))
  const verdicts = checkers.map((checker) => {
    const { checked, violations } = checker.check(history)
    return { checker: checker.name, promises: checker.promises, checked, violations }
  })
  return {
    verdicts,
    requests: events.filter(({ type }) => type === 'invoke').length,
    operations: operationsIn(events),
    rests: history.rests,
    faults: history.faults.filter(({ injectedAt }) => injectedAt < Number.POSITIVE_INFINITY).map(({ fault }) => fault),
  }
}

/** Whether the round has proved nothing. */
export function isVoid({ verdicts }: Judgement): boolean {
  return verdicts.some(({ checker, violations }) => checker === VOID && violations.length > 0)
}

/** Whether any promise was broken. A void run is red, too. */
export function isRed({ verdicts }: Judgement): boolean {
  return verdicts.some(({ violations }) => violations.length > 0)
}
