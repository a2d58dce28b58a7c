import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { FEATURES } from './case.ts'
import { CASES } from './cases/index.ts'
import { isGreen, judge } from './judge.ts'
import { gapsOf } from './known-gaps.ts'
import { toJson } from './report/to-json.ts'
import { toMarkdown } from './report/to-markdown.ts'
import { verdictText } from './report/to-text.ts'
import { writeIntoPage } from './report/write-into-page.ts'
import { runCases } from './run-cases.ts'
import { startLocalServer } from './start-local-server.ts'

/** The entry point: runs the cases against an endpoint, or against a server of its own, and tells what came out. */

const USAGE = `usage: npm run conformance -- [--endpoint URL] [--region us-east-1] [--access-key KEY] [--secret SECRET]
  [--feature ${FEATURES.join('|')}]... [--case TEXT] [--evidence RDSU] [--concurrency 16] [--ignore-gaps]
  [--compat relaxed|strict]
  [--json FILE] [--markdown FILE] [--page FILE]

--page puts the tables into a page, between its comments "conformance".
Without --endpoint it starts the server of this repository, on the Postgres of DATABASE_URL or an embedded one.
--compat strict starts it with STANCHION_COMPAT=strict.
--ignore-gaps leaves the list of known gaps aside, which is about the server of this repository.`

function fail(message: string): never {
  console.error(message)
  process.exit(2)
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        endpoint: { type: 'string' },
        region: { type: 'string', default: 'us-east-1' },
        'access-key': { type: 'string', default: 'test' },
        secret: { type: 'string', default: 'test' },
        feature: { type: 'string', multiple: true, default: [] },
        case: { type: 'string', default: '' },
        evidence: { type: 'string', default: 'RDSU' },
        concurrency: { type: 'string', default: '16' },
        compat: { type: 'string', default: 'relaxed' },
        'ignore-gaps': { type: 'boolean', default: false },
        json: { type: 'string' },
        markdown: { type: 'string' },
        page: { type: 'string' },
      },
    }).values
  } catch (error) {
    fail(`${error instanceof Error ? error.message : error}\n${USAGE}`)
  }
}

const options = readOptions()
const unknown = options.feature.find((name) => !FEATURES.some((feature) => feature === name))
if (unknown !== undefined) fail(`There is no feature "${unknown}".\n${USAGE}`)
const concurrency = Number(options.concurrency)
if (!(concurrency >= 1)) fail(USAGE)

const cases = CASES.filter(
  ({ name, feature, evidence }) =>
    name.includes(options.case) &&
    options.evidence.includes(evidence) &&
    (options.feature.length === 0 || options.feature.includes(feature)),
)
if (cases.length === 0) fail(`No case has "${options.case}" in its name.\n${USAGE}`)
const { compat } = options
if (compat !== 'relaxed' && compat !== 'strict') fail(USAGE)
const gaps = options['ignore-gaps'] ? [] : gapsOf(compat)

const local = options.endpoint === undefined ? await startLocalServer(process.env.DATABASE_URL, compat) : undefined
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    await local?.stop()
    process.exit(130)
  })
}
try {
  const endpoint = (local?.url ?? options.endpoint ?? '').replace(/\/+$/, '')
  const target = {
    endpoint,
    region: options.region,
    accessKeyId: local?.accessKeyId ?? options['access-key'],
    secretAccessKey: local?.secretAccessKey ?? options.secret,
  }
  const startedAt = performance.now()
  const results = await runCases({ target, cases, gaps, concurrency })
  const verdict = judge(results, gaps)
  const markdown = toMarkdown(results)
  if (options.page !== undefined) writeIntoPage(options.page, markdown)
  else if (options.markdown === undefined) console.log(markdown)
  else writeFileSync(options.markdown, markdown)
  if (options.json !== undefined) writeFileSync(options.json, toJson(results))
  console.log(verdictText(results, verdict))
  const seconds = Math.round((performance.now() - startedAt) / 1_000)
  console.log(`${results.length} runs of ${cases.length} cases against ${endpoint} in ${seconds} s`)
  if (!isGreen(verdict)) process.exitCode = 1
} finally {
  await local?.stop()
}
