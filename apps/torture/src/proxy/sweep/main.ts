import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startEmbeddedPostgres } from '@stanchion/embedded-postgres'
import { OPERATIONS } from './operations.ts'
import { reportOf } from './report.ts'
import { sampleCuts } from './sample.ts'
import { type CutResult, Sweep } from './sweep.ts'
import { startServerBehindProxy } from './sweep-server.ts'

const USAGE = `usage: npm run sweep --prefix apps/torture -- [--operation <part of a name>] [--sample <count> --seed <number>]

Cuts the connection between a server and Postgres at every message of every operation, before, inside and after it, by RST
and by FIN, and judges what the server answers. Without options it takes all points, for half an hour
or more. A sample has every type of message at every place, and each operation, however small the count.`

const DRY_RUNS = 3
/** Points that are not come to: more of them, and nothing was proven. */
const MISSED_SHARE_MAX = 0.02

const { values } = readOptions()
const operations = OPERATIONS.filter(({ name }) => name.includes(values.operation ?? ''))
if (operations.length === 0) fail(`no operation has "${values.operation}" in its name`)

// What was started is stopped, however it ends.
let isStopped = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    isStopped = true
  })
}

const dataDir = mkdtempSync(join(tmpdir(), 'stanchion-sweep-'))
const postgres = await startEmbeddedPostgres({ dataDir })
try {
  const server = await startServerBehindProxy(postgres.databaseUrl)
  try {
    const sweep = new Sweep(server)
    const cuts = []
    for (const operation of operations) if (!isStopped) cuts.push(...(await sweep.learn(operation, DRY_RUNS)))
    const chosen = values.sample === undefined ? cuts : sampleCuts(cuts, Number(values.sample), Number(values.seed))
    print(`${chosen.length} of ${cuts.length} points of ${operations.length} operations`)
    const results: CutResult[] = []
    for (const operation of operations) {
      if (isStopped) break
      const startedAtMs = performance.now()
      const ofOperation = chosen.filter((cut) => cut.operation === operation)
      for (const cut of ofOperation) {
        if (isStopped) break
        const result = await sweep.cut(cut)
        results.push(result)
        for (const violation of reportOf([result]).violations) print(`VIOLATION ${violation}`)
      }
      const leftovers = await sweep.leftovers()
      for (const leftover of leftovers) print(`VIOLATION ${operation.name}: ${leftover}`)
      if (leftovers.length > 0) process.exitCode = 1
      print(
        `${operation.name}: ${ofOperation.length} cuts in ${Math.round((performance.now() - startedAtMs) / 1_000)} s`,
      )
    }
    const { missed, answers, types, violations, ...report } = reportOf(results)
    for (const point of missed) print(`not come to: ${point}`)
    print(`${report.cuts} cuts of ${types.size} types of messages, answers ${JSON.stringify(answers)}`)
    print(`${violations.length} violations, ${missed.length} points not come to`)
    if (isStopped) print('stopped before its end')
    if (isStopped || violations.length > 0 || missed.length > results.length * MISSED_SHARE_MAX) process.exitCode = 1
  } finally {
    await server.stop()
  }
} finally {
  await postgres.stop('immediate')
  rmSync(dataDir, { recursive: true, maxRetries: 5 })
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        operation: { type: 'string' },
        sample: { type: 'string' },
        seed: { type: 'string', default: '1' },
      },
    })
  } catch (error) {
    return fail((error as Error).message)
  }
}

function fail(words: string): never {
  process.stderr.write(`${words}\n\n${USAGE}\n`)
  process.exit(2)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
