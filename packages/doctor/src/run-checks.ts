import type { Check, Draft } from './checks/check.ts'
import { CHECKS } from './checks/index.ts'
import type { FactName, Facts, FactValues } from './facts/facts.ts'
import { hideQueues, type Reader, reachesQueue } from './reader.ts'
import { type CheckOutcome, type Finding, type Report, SEVERITIES } from './report.ts'
import { THRESHOLDS, type Thresholds } from './thresholds.ts'

interface Examined {
  readonly found: readonly Draft[]
  readonly unseen: string | undefined
}

const NOT_FOR_READER =
  'This is about the whole installation, and the access key reaches only the queues that its pattern names.'

/**
 * Runs every check over the facts. Pure: the same facts give the same report.
 * @param reader who may not know everything; absent: whoever runs the installation
 */
export function runChecks(
  facts: Facts,
  checkedAt: Date,
  thresholds: Partial<Thresholds> = {},
  reader?: Reader,
): Report {
  const limits = { ...THRESHOLDS, ...thresholds }
  const seen = reader === undefined ? facts : hideQueues(facts, reader)
  const findings: Finding[] = []
  const checks = CHECKS.map((check): CheckOutcome => {
    const { found, unseen } = examineFor(reader, check, seen, limits)
    findings.push(...found.map((draft) => toFinding(check, draft)))
    const outcome = found.length > 0 ? 'found' : unseen === undefined ? 'passed' : 'skipped'
    return { id: check.id, title: check.title, outcome, ...(unseen === undefined ? {} : { reason: unseen }) }
  })
  // Sorting keeps the order of those that are equally grave.
  findings.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity))
  return { checkedAt, findings, checks }
}

function examineFor(reader: Reader | undefined, check: Check, facts: Facts, thresholds: Thresholds): Examined {
  if (reader === undefined) return examine(check, facts, thresholds)
  if (check.about === 'installation') {
    return reader.seesInstallation ? examine(check, facts, thresholds) : { found: [], unseen: NOT_FOR_READER }
  }
  const { found, unseen } = examine(check, facts, thresholds)
  return { found: found.filter(({ queue }) => queue !== undefined && reachesQueue(reader, queue)), unseen }
}

function examine(check: Check, facts: Facts, thresholds: Thresholds): Examined {
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

function toFinding({ id, runbook }: Check, draft: Draft): Finding {
  const page = runbook === undefined ? `docs/operate/doctor.md#${id}` : `docs/operate/runbooks/${runbook}.md`
  return { id, ...draft, runbook: page }
}
