import { Command } from '@commander-js/extra-typings'
import { type CheckOutcome, examineDatabase, type Finding, type Report } from '@stanchion/doctor'
import type { Cli } from '../cli.ts'
import { CliError, usageError } from '../cli-error.ts'
import { plural } from '../output/plural.ts'

/** `stanchion doctor`: examines a database, whether a server runs on it or not. */
export function createDoctor(cli: Cli) {
  return new Command('doctor')
    .description('Examines a database and says in plain sentences what is wrong and what to do.')
    .option('--database-url <url>', 'the Postgres; absent: DATABASE_URL')
    .option('--all', 'also list the checks that passed or were skipped')
    .action(async ({ databaseUrl = cli.terminal.env.DATABASE_URL, all }) => {
      if (databaseUrl === undefined || databaseUrl === '') {
        throw usageError('There is no database to examine.', 'Set DATABASE_URL or give --database-url.')
      }
      const report = await examineDatabase(databaseUrl)
      if (!cli.output.isForPeople) cli.output.one(report, [])
      else cli.terminal.stdout.write(reportText(report, all === true))
      const critical = report.findings.filter(({ severity }) => severity === 'critical')
      if (critical.length > 0) throw new CliError(`${plural(critical.length, 'finding')} critical.`)
    })
}

function reportText({ findings, checks }: Report, all: boolean): string {
  const count = (outcome: CheckOutcome['outcome']) => checks.filter((check) => check.outcome === outcome).length
  const summary = `${plural(findings.length, 'finding')}; of ${checks.length} checks ${count('passed')} passed and ${count('skipped')} were skipped.\n`
  const parts = [...findings.map(findingText), summary]
  if (all) parts.push(`${checks.map(checkText).join('\n')}\n`)
  return parts.join('\n')
}

function findingText({ severity, subject, summary, advice, runbook }: Finding): string {
  return `${severity.toUpperCase()}  ${subject}\n  ${summary}\n  ${advice}\n  ${runbook}\n`
}

function checkText({ title, outcome, reason }: CheckOutcome): string {
  return `${outcome.padEnd(7)}  ${title}${reason === undefined ? '' : `: ${reason}`}`
}
