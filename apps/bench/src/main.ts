import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startPostgresProcess } from '@stanchion/testing'
import { makeLogSegments } from './measure/make-log-segments.ts'
import { type Options, readOptions, UsageError } from './options.ts'
import { drawCharts } from './report/charts.ts'
import { Progress } from './report/progress.ts'
import { toMarkdown } from './report/to-markdown.ts'
import { roundsOf, runScenario, type ScenarioResult } from './run-scenario.ts'

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** All contenders of a run share one server, each in a database of its own. */
const POSTGRES_SETTINGS = { shared_buffers: '1GB', min_wal_size: '4GB', max_wal_size: '8GB', max_connections: '300' }

/** Of 16 MB: what the busiest scenario writes in its rounds. At a smaller scale so much less. */
const LOG_SEGMENTS = 200

/** A run that was told to stop ends after the round that is under way, and by force when that takes longer. */
const STOP_SECONDS_MAX = 60

/** Runs the scenarios one after the other on one Postgres. What was measured before a stop is reported. */
async function run(options: Options): Promise<readonly ScenarioResult[]> {
  const stopping = new AbortController()
  for (const signal of SIGNALS) process.once(signal, () => stopping.abort())
  const timer = setTimeout(() => stopping.abort(), options.minutesMax * 60_000)
  stopping.signal.addEventListener('abort', () => {
    setTimeout(() => {
      console.error('the round that was under way does not end: stopped without a report')
      process.exit(1)
    }, STOP_SECONDS_MAX * 1000).unref()
  })
  const postgres = await startPostgresProcess({ settings: POSTGRES_SETTINGS })
  const rounds = options.scenarios.map(
    (scenario) => scenario.entrants.length * roundsOf(scenario, options.rounds, options.scale),
  )
  const progress = new Progress(rounds.reduce((sum, count) => sum + count, 0))
  const results: ScenarioResult[] = []
  try {
    await makeLogSegments(await postgres.createDatabase(), Math.ceil(LOG_SEGMENTS / options.scale))
    for (const [i, scenario] of options.scenarios.entries()) {
      if (stopping.signal.aborted) break
      progress.say(`[${i + 1}/${options.scenarios.length}] ${scenario.name}`)
      const result = await runScenario(scenario, {
        host: { createDatabase: postgres.createDatabase, endpoint: options.endpoint, build: options.build },
        settings: { seconds: options.seconds, scale: options.scale, postgresPid: postgres.pid },
        rounds: options.rounds,
        signal: stopping.signal,
        takesPart: options.takesPart,
        report: progress,
      })
      results.push(result)
      await postgres.dropDatabases()
    }
  } finally {
    clearTimeout(timer)
    progress.stop()
    await postgres.stop()
  }
  return results
}

function keep(options: Options, results: readonly ScenarioResult[], markdown: string): void {
  if (options.markdown !== undefined) writeFileSync(options.markdown, markdown)
  if (options.json !== undefined) {
    const plain = results.map(({ scenario, figures, missing, isCut }) => ({
      ...{ scenario, isCut },
      figures: Object.fromEntries(figures),
      missing: Object.fromEntries(missing),
    }))
    writeFileSync(options.json, JSON.stringify({ results: plain }, null, 2))
  }
  if (options.charts !== undefined) {
    mkdirSync(options.charts, { recursive: true })
    for (const [file, svg] of drawCharts(results)) writeFileSync(join(options.charts, file), svg)
  }
}

try {
  const options = readOptions(process.argv.slice(2))
  const results = await run(options)
  const markdown = toMarkdown(results)
  console.log(markdown)
  keep(options, results, markdown)
  const isBroken = results.some(({ figures }) =>
    [...figures.values()].flat().some((round) => (round.orderViolations ?? 0) + (round.acceptedDuplicates ?? 0) > 0),
  )
  if (isBroken) process.exitCode = 1
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  console.error(error.message)
  process.exitCode = 2
}
