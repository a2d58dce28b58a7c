import type { CheckOutcome, Finding, Report } from './report.ts'

/** A report as JSON has it, whichever door it leaves by. */
export interface ReportView {
  readonly checkedAt: string
  readonly findings: (Omit<Finding, 'queue'> & { readonly queue?: string })[]
  readonly checks: CheckOutcome[]
}

/** Shows a report. */
export function toReportView({ checkedAt, findings, checks }: Report): ReportView {
  return {
    checkedAt: checkedAt.toISOString(),
    findings: findings.map(({ queue, ...finding }) => ({
      ...finding,
      ...(queue === undefined ? {} : { queue: queue.name }),
    })),
    checks: [...checks],
  }
}
