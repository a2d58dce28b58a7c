import { Command } from '@commander-js/extra-typings'
import { type DoctorReport, StanchionError } from '@stanchion/client'
import { examineDatabase, toReportView } from '@stanchion/doctor'
import type { Cli } from '../cli.ts'
import { CliError } from '../cli-error.ts'
import { plural } from '../output/plural.ts'

type Finding = DoctorReport['findings'][number]
type Check = DoctorReport['checks'][number]

/** `stanchion doctor`: asks a server to examine itself and its database, or examines a database on which none runs. */
export function createDoctor(cli: Cli) {
  return new Command('doctor')
    .description('Says in plain sentences what is wrong with the service and its database, and what to do.')
    .option('--database-url <url>', 'examine this Postgres itself, for when no server answers')
    .option('--all', 'also list the checks that passed or were skipped')
    .action(async ({ databaseUrl, all }) => {
      const report = databaseUrl === undefined ? await askServer(cli) : toReportView(await examineDatabase(databaseUrl))
      if (!cli.output.isForPeople) cli.output.one(report, [])
      else cli.terminal.stdout.write(reportText(report, all === true))
      const critical = report.findings.filter(({ severity }) => severity === 'critical')
      if (critical.length > 0) throw new CliError(`${plural(critical.length, 'finding')} critical.`)
    })
}

/** @throws StanchionError; CliError when no server answers */
async function askServer(cli: Cli): Promise<DoctorReport> {
  try {
    return await cli.client.runDoctor(cli.call)
  } catch (error) {
    if (!(error instanceof StanchionError) || error.code !== 'connectionFailed') throw error
    throw new CliError(error.detail, {
      hint: 'Name the server that runs: --url, or STANCHION_URL. If none does, examine its database: --database-url "$DATABASE_URL".',
    })
  }
}

function reportText({ findings, checks }: DoctorReport, all: boolean): string {
  const count = (outcome: Check['outcome']) => checks.filter((check) => check.outcome === outcome).length
  const summary = `${plural(findings.length, 'finding')}; of ${checks.length} checks ${count('passed')} passed and ${count('skipped')} were skipped.\n`
  const parts = [...findings.map(findingText), summary]
  if (all) parts.push(`${checks.map(checkText).join('\n')}\n`)
  return parts.join('\n')
}

function findingText({ severity, subject, summary, advice, runbook }: Finding): string {
  return `${severity.toUpperCase()}  ${subject}\n  ${summary}\n  ${advice}\n${runbook === undefined ? '' : `  ${runbook}\n`}`
}

function checkText({ title, outcome, reason }: Check): string {
  return `${outcome.padEnd(7)}  ${title}${reason === undefined ? '' : `: ${reason}`}`
}
