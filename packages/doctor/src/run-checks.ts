import type { Check, Draft } from './checks/check.ts'
import { CHECKS } from './checks/index.ts'
import type { FactName, Facts, FactValues } from './facts/facts.ts'
import { type CheckOutcome, type Finding, type Report, SEVERITIES } from './report.ts'
import { THRESHOLDS, type Thresholds } from './thresholds.ts'

/** Runs every check over the facts. Pure: the same facts give the same report. */
export function runChecks(facts: Facts, checkedAt: Date, thresholds: Partial<Thresholds> = {}): Report {
  const limits = { ...THRESHOLDS, ...thresholds }
  const findings: Finding[] = []
  const checks = CHECKS.map((check): CheckOutcome => {
    const { found, unseen } = examine(check, facts, limits)
    findings.push(...found.map((draft) => toFinding(check, draft)))
    const outcome = found.length > 0 ? 'found' : unseen === undefined ? 'passed' : 'skipped'
    return { id: check.id, title: check.title, outcome, ...(unseen === undefined ? {} : { reason: unseen }) }
  })
  // Sorting keeps the order of those that are equally grave.
  findings.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity))
  return { checkedAt, findings, checks }
}

function examine(
  check: Check,
  facts: Facts,
  thresholds: Thresholds,
): { found: readonly Draft[]; unseen: string | undefined } {
  for (const name of check.needs) {
    const fact = facts[name]
    if ('unknown' in fact) return { found: [], unseen: fact.unknown }
  }
  const seen = check.examine(valuesOf(facts), thresholds)
  return 'found' in seen ? seen : { found: seen, unseen: undefined }
}

/** A check asks only for what it said it needs, so nothing unknown is touched. */
function valuesOf(facts: Facts): FactValues {
  const values: Partial<Record<FactName, unknown>> = {}
  for (const [name, fact] of Object.entries(facts)) if ('value' in fact) values[name as FactName] = fact.value
  return values as unknown as FactValues
}

function toFinding({ id }: Check, draft: Draft): Finding {
  return { id, ...draft, runbook: `docs/operate/doctor.md#${id}` }
}
