import type { Severity } from '../../health/group-findings.ts'

export interface Finding {
  readonly id: string
  readonly severity: Severity
  /** What it is about: a queue, a table, a setting. */
  readonly subject: string
  readonly summary: string
  readonly advice: string
  /** Where it says more. */
  readonly runbook?: string
}

export interface Check {
  readonly id: string
  readonly title: string
  readonly outcome: 'passed' | 'found' | 'skipped'
  /** Why it was skipped. */
  readonly reason?: string
}

/** What the doctor found, and what it looked at. */
export interface DoctorReport {
  readonly checkedAt: string
  readonly findings: readonly Finding[]
  readonly checks: readonly Check[]
}
