/** From the worst on: messages are at risk or stuck; something will go wrong or is slow; good to know. */
export const SEVERITIES = ['critical', 'warning', 'note'] as const
export type Severity = (typeof SEVERITIES)[number]

/** A queue by its account and name. */
export interface QueueName {
  readonly accountId: string
  readonly name: string
}

/** One thing that is wrong, in plain sentences. */
export interface Finding {
  /** The check that found it, and its section in docs/operate/doctor.md. */
  readonly id: string
  readonly severity: Severity
  /** What it is about, such as `session 4711` or `queue orders`. */
  readonly subject: string
  /** What is wrong, with numbers and names. */
  readonly summary: string
  /** What to do, with the command. */
  readonly advice: string
  /** The page that says more, as a path in the repository. */
  readonly runbook: string
  /** The queue that it is about, when it is about one. */
  readonly queue?: QueueName
}

/** What became of one check. */
export interface CheckOutcome {
  readonly id: string
  readonly title: string
  readonly outcome: 'passed' | 'found' | 'skipped'
  /** Why it was skipped, or what it could not see. */
  readonly reason?: string
}

/** The result of one examination. */
export interface Report {
  readonly checkedAt: Date
  /** The worst first. */
  readonly findings: readonly Finding[]
  /** Every check there is, in a fixed order. */
  readonly checks: readonly CheckOutcome[]
}
