import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { VoidLimits } from './checkers/void-run.ts'
import { sumOf } from './history/operations.ts'
import { type Options, readOptions, UsageError } from './options.ts'
import { Progress } from './report/progress.ts'
import { appendSoakLine } from './report/soak-file.ts'
import { describeViolations, Totals } from './report/totals.ts'
import { writeShrunk } from './report/write-shrunk.ts'
import { RestLog } from './rest/rest-log.ts'
import { isRed, type Judgement, judge } from './run/judge.ts'
import { runRound } from './run/run-round.ts'
import { missingPgBouncer } from './system/pg-bouncer.ts'
import { startSystem } from './system/system.ts'

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** What a round needs to count. One that was stopped early, or asked to be without faults, may have none. */
function limitsFor(options: Options, isStopped: boolean): VoidLimits {
  if (isStopped) return { acksAfterLastFaultMin: 0, overlappingClaimsMin: 0, faultsMin: 0 }
  return { acksAfterLastFaultMin: 100, overlappingClaimsMin: 20, faultsMin: options.faults.length === 0 ? 0 : 1 }
}

/** Runs rounds until the time is over. What a red one leaves is kept, and the next one begins with a fresh system. */
async function run(options: Options): Promise<Totals> {
  const stopping = new AbortController()
  for (const signal of SIGNALS) process.once(signal, () => stopping.abort())
  const { seed: firstSeed, minutes, isSoak, operations, rounds, servers, clients, requests, faults } = options
  const lastMs = performance.now() + minutes * 60_000
  const directory = resolve(options.directory, new Date().toISOString().replaceAll(':', '-'))
  mkdirSync(directory, { recursive: true })
  const totals = new Totals()
  const progress = new Progress(minutes, totals)
  const goesOn = () => performance.now() < lastMs || sumOf(totals.operations) < operations
  let isWhole = false
  const parts = { servers, directory, faults, isPooled: options.pgBouncer, oldServer: options.oldServer }
  let system = await startSystem(parts)
  let rest = new RestLog()
  try {
    for (let round = 1; round <= rounds && goesOn() && !stopping.signal.aborted; round++) {
      const seed = round === 1 ? firstSeed : `${firstSeed}-${round}`
      const roundDirectory = join(directory, `round-${round}`)
      mkdirSync(roundDirectory)
      const historyFile = await runRound(system, {
        ...{ seed, clients, requests, faults, directory: roundDirectory, signal: stopping.signal },
        ...(isSoak ? { queuePrefix: 'soak', clientPrefix: `r${round}c` } : {}),
        rest,
        watch: (history) => progress.follow(history),
      }).catch((cause) => {
        throw new Error(`the round of the seed ${seed} broke off; its history is in ${roundDirectory}`, { cause })
      })
      const judgement = judge(historyFile, limitsFor(options, stopping.signal.aborted))
      progress.unfollow()
      totals.add(judgement)
      if (isSoak) appendSoakLine(join(directory, 'soak.jsonl'), seed, judgement)
      const isBad = isRed(judgement)
      const { operations: made, requests: asked, faults: done } = judgement
      progress.say(
        `${isBad ? 'RED  ' : 'green'} ${seed}: ${sumOf(made)} operations, ${asked} requests, ${done.length} faults`,
      )
      if (!isBad) {
        rmSync(roundDirectory, { recursive: true })
        // What has been migrated is no older database any more.
        if (options.oldServer === undefined) continue
      } else {
        writeFileSync(join(roundDirectory, 'verdicts.json'), JSON.stringify({ seed, options, ...judgement }, null, 2))
        progress.say(
          `${describeViolations(judgement)}\n${shrink(historyFile, judgement, join(roundDirectory, 'shrunk'))}` +
            `  kept in ${roundDirectory}\n  again: ${replayOf(seed, options)}`,
        )
      }
      await system.stop()
      system = await startSystem(parts)
      rest = new RestLog()
    }
    isWhole = true
  } finally {
    progress.stop()
    await system.stop()
    // Logs are of use beside a history alone.
    if (isWhole && totals.redRounds === 0 && !isSoak) rmSync(directory, { recursive: true })
    if (isSoak) console.log(`a line for each round: ${join(directory, 'soak.jsonl')}`)
  }
  return totals
}

/** Writes what shows the violations by itself. @returns where it is, and how it is looked at again */
function shrink(historyFile: string, judgement: Judgement, directory: string): string {
  return writeShrunk(historyFile, judgement, directory)
    .map(
      ({ checker, file, requests }) =>
        `  ${checker}: shown by ${requests} requests in ${file.replace(/jsonl$/, 'txt')}\n` +
        `    judged again: npm run torture -- --judge ${file} --checkers '${checker}'\n`,
    )
    .join('')
}

/** The faults that this machine can do; says of the others why not. */
function possible(options: Options): Options {
  const missing = options.pgBouncer ? missingPgBouncer() : undefined
  if (missing !== undefined) throw new UsageError(`--pgbouncer: ${missing}`)
  const faults = options.faults.filter((fault) => {
    const missing = fault.needs?.(options)
    if (missing !== undefined) console.error(`skipped ${fault.name}: ${missing}`)
    return missing === undefined
  })
  return { ...options, faults }
}

function replayOf(seed: string, { faults, requests, clients, servers, pgBouncer, oldServer }: Options): string {
  const names = faults.map(({ name }) => name).join(',')
  return (
    `npm run torture -- --rounds 1 --seed ${seed} --faults ${names === '' ? "''" : names} ` +
    `--requests ${requests} --clients ${clients} --servers ${servers}` +
    `${pgBouncer ? ' --pgbouncer' : ''}${oldServer === undefined ? '' : ` --old-server ${oldServer}`}`
  )
}

try {
  const options = possible(readOptions(process.argv.slice(2), randomBytes(4).toString('hex')))
  const totals = options.judge === undefined ? await run(options) : new Totals()
  if (options.judge !== undefined) {
    const { judge: historyFile, checkers } = options
    const judgement = judge(historyFile, limitsFor(options, false), checkers)
    totals.add(judgement)
    if (isRed(judgement)) {
      console.log(describeViolations(judgement))
      if (checkers === undefined) console.log(shrink(historyFile, judgement, join(dirname(historyFile), 'shrunk')))
    }
  }
  console.log(totals.toText())
  if (totals.redRounds > 0 || totals.rounds === 0) process.exitCode = 1
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  console.error(error.message)
  process.exitCode = 2
}
