import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startEmbeddedPostgres } from '@stanchion/embedded-postgres'
import { FAIRNESS, fairnessToMarkdown, runFairness } from './fairness.ts'
import { rawThreeTouch } from './raw-postgres.ts'
import { runScenario, type ScenarioResult } from './run-scenario.ts'
import { SCENARIOS } from './scenarios.ts'
import { runScrape, SCRAPE, scrapeToMarkdown } from './scrape.ts'
import { toMarkdown } from './to-markdown.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
    scenario: { type: 'string', default: '' },
    /** Divides backlogs and numbers of queues, for a quick look. */
    scale: { type: 'string', default: '1' },
    json: { type: 'string' },
    markdown: { type: 'string' },
  },
})
const seconds = Number(values.seconds)
const rounds = Number(values.rounds)
const scale = Number(values.scale)
const hasFairness = FAIRNESS.includes(values.scenario)
const hasScrape = SCRAPE.includes(values.scenario)
const scenarios = SCENARIOS.filter((scenario) => scenario.name.includes(values.scenario))
if (!(seconds > 0) || !(rounds >= 1) || !(scale >= 1) || (scenarios.length === 0 && !hasFairness && !hasScrape)) {
  console.error(
    'usage: npm run bench -- [--seconds 10] [--rounds 3] [--scenario TEXT] [--scale 1] [--json FILE] [--markdown FILE]',
  )
  console.error(
    `scenarios:\n${[...SCENARIOS.map(({ name }) => name), FAIRNESS, SCRAPE].map((name) => `  ${name}`).join('\n')}`,
  )
  process.exit(2)
}

const dataDir = mkdtempSync(join(tmpdir(), 'stanchion-bench-'))
const postgres = await startEmbeddedPostgres({
  dataDir,
  settings: { shared_buffers: '1GB', max_wal_size: '8GB', max_connections: '200' },
})
const postgresPid = Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0])
try {
  const results: ScenarioResult[] = []
  const rawPerSecond = await rawThreeTouch(postgres.databaseUrl, seconds)
  console.error(`raw Postgres, insert, update, delete, 100 a statement: ${Math.round(rawPerSecond)} messages/s`)
  for (const [i, scenario] of scenarios.entries()) {
    console.error(`[${i + 1}/${scenarios.length}] ${scenario.name}`)
    results.push(
      await runScenario(scenario, { databaseUrl: postgres.databaseUrl, postgresPid, seconds, rounds, scale }),
    )
  }
  if (hasFairness) console.error(FAIRNESS)
  const fairness = hasFairness ? await runFairness(postgres.databaseUrl, rounds, scale) : undefined
  if (hasScrape) console.error(SCRAPE)
  const scrapes = hasScrape ? await runScrape(postgres.databaseUrl, rounds, scale) : undefined
  const markdown = [
    ...(results.length > 0 ? [toMarkdown(results, rawPerSecond)] : []),
    ...(fairness === undefined ? [] : [fairnessToMarkdown(fairness)]),
    ...(scrapes === undefined ? [] : [scrapeToMarkdown(scrapes)]),
  ].join('\n')
  console.log(markdown)
  if (values.markdown !== undefined) writeFileSync(values.markdown, markdown)
  const isBroken = results.some(({ checks }) =>
    [...checks.values()].some((check) => check.orderViolations + check.acceptedDuplicates > 0),
  )
  if (isBroken) process.exitCode = 1
  if (values.json !== undefined) {
    const plain = results.map(({ scenario, figures }) => ({ scenario, figures: Object.fromEntries(figures) }))
    const dwells = fairness === undefined ? {} : { fairness: Object.fromEntries(fairness) }
    writeFileSync(
      values.json,
      JSON.stringify(
        { rawPerSecond, results: plain, ...dwells, ...(scrapes === undefined ? {} : { scrapes }) },
        null,
        2,
      ),
    )
  }
} finally {
  await postgres.stop()
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })
}
