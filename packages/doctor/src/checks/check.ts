import type { FactName, FactValues } from '../facts/facts.ts'
import type { QueueName, Severity } from '../report.ts'
import type { Thresholds } from '../thresholds.ts'

/** What a check says; the rest of a finding is the same for all of its check. */
export interface Draft {
  readonly severity: Severity
  readonly subject: string
  readonly summary: string
  readonly advice: string
  readonly queue?: QueueName
}

/** Findings of a check that could not see everything, and why. */
export interface Incomplete {
  readonly found: readonly Draft[]
  readonly unseen: string
}

/** One thing that is looked at: a pure function from facts to findings. */
export interface Check {
  /** In kebab-case. Stable: runbooks and alerts name it. */
  readonly id: string
  /** What is looked at, worded to stand in a list. */
  readonly title: string
  /** `queues`: its findings are each about one queue, and whoever may see the queue may read them. */
  readonly about: 'installation' | 'queues'
  /** Without one of these it is skipped. */
  readonly needs: readonly FactName[]
  /** The page in docs/operate/runbooks that says more than the advice, without its `.md`. */
  readonly runbook?: string
  examine(facts: FactValues, thresholds: Thresholds): readonly Draft[] | Incomplete
}

/** Makes a check that sees the facts it needs and no others. */
export function defineCheck<const Needs extends FactName>(check: {
  readonly id: string
  readonly title: string
  readonly about?: Check['about']
  readonly needs: readonly Needs[]
  readonly runbook?: string
  examine(facts: Pick<FactValues, Needs>, thresholds: Thresholds): readonly Draft[] | Incomplete
}): Check {
  return { about: 'installation', ...check }
}
