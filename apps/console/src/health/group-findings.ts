/** From the worst on. */
export const SEVERITIES = ['critical', 'warning', 'note'] as const
export type Severity = (typeof SEVERITIES)[number]

export interface FindingGroup<Finding> {
  readonly severity: Severity
  readonly findings: readonly Finding[]
}

/** Findings by severity, the worst first; severities without a finding are left out. */
export function groupFindings<Finding extends { readonly severity: Severity }>(
  findings: readonly Finding[],
): FindingGroup<Finding>[] {
  return SEVERITIES.map((severity) => ({
    severity,
    findings: findings.filter((finding) => finding.severity === severity),
  })).filter((group) => group.findings.length > 0)
}
