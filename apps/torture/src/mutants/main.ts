import { parseArgs } from 'node:util'
import { PLAIN_RUN } from '../faults/fault.ts'
import { describeViolations } from '../report/totals.ts'
import { isRed } from '../run/judge.ts'
import { type Hunt, hunt, runTrial, type Trial } from './hunt.ts'
import { MUTANTS } from './index.ts'
import type { Mutant } from './mutant.ts'
import { reportHeader, reportLine } from './report.ts'

const USAGE = `usage: npm run torture:mutants -- [options] [mutant...]

Breaks the server in one way after the other, lets clients work, and says which checker went red. Ends with 1 when a mutant survives, or
when the server as it is does not come through what a mutant was caught in.

  --seed TEXT      of the first round of each mutant (default: mutants)
  --requests 500   how many requests a round makes at least
  --clients 12     how many clients work at a time
  --servers 2      how many servers share the database
  --rounds 6       how many rounds a mutant has to survive
  --list           says what there is, and runs nothing`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: 'mutants' },
    requests: { type: 'string', default: '500' },
    clients: { type: 'string', default: '12' },
    servers: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '6' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

/** Those that were named; all of them when none was. */
function chosen(names: readonly string[]): readonly Mutant[] {
  if (names.length === 0) return MUTANTS
  return names.map((name) => {
    const mutant = MUTANTS.find((each) => each.name === name)
    if (mutant === undefined) fail(`there is no mutant ${name}`)
    return mutant
  })
}

function whole(option: 'requests' | 'clients' | 'servers' | 'rounds'): number {
  const number = Number(values[option])
  if (!Number.isInteger(number) || number < 1) fail(`--${option} is a whole number above 0`)
  return number
}

function fail(problem: string): never {
  console.error(`${problem}\n\n${USAGE}`)
  process.exit(2)
}

/** The server as it is, under everything that a mutant was caught in. @returns how many of these rounds were red */
async function runUnchanged(trials: readonly Trial[]): Promise<number> {
  let red = 0
  const limits = { acksAfterLastFaultMin: 50, overlappingClaimsMin: 5, faultsMin: 0 }
  for (const trial of trials) {
    const judgement = await runTrial(trial, limits)
    const faults = trial.faults.map(({ name }) => name).join(', ')
    console.log(`${isRed(judgement) ? 'RED  ' : 'green'} unchanged, seed ${trial.seed}${faults && `, with ${faults}`}`)
    if (!isRed(judgement)) continue
    red += 1
    console.log(describeViolations(judgement))
  }
  return red
}

function distinct(hunts: readonly Hunt[]): readonly Trial[] {
  const keyOf = ({ faults, ...rest }: Trial) => JSON.stringify([faults.map(({ name }) => name), rest])
  return [...new Map(hunts.map(({ trial }) => [keyOf(trial), trial])).values()]
}

if (values.help) {
  console.log(USAGE)
} else if (values.list) {
  for (const { name, about } of MUTANTS) console.log(`${name.padEnd(28)}${about}`)
} else {
  const mutants = chosen(positionals)
  const settings = {
    ...{ seed: values.seed, requests: whole('requests'), clients: whole('clients'), servers: whole('servers') },
  }
  const hunts: Hunt[] = []
  console.log(reportHeader())
  for (const mutant of mutants) {
    const missing = mutant.faults?.map((fault) => fault.needs?.(PLAIN_RUN)).find((reason) => reason !== undefined)
    if (missing !== undefined) {
      console.error(`skipped ${mutant.name}: ${missing}`)
      continue
    }
    const result = await hunt(mutant, settings, whole('rounds'))
    hunts.push(result)
    console.log(reportLine(result))
  }
  const survivors = hunts.filter(({ isCaught }) => !isCaught)
  const red = await runUnchanged(distinct(hunts.filter(({ isCaught }) => isCaught)))
  console.log(`${hunts.length} mutants, ${survivors.length} survived; unchanged: ${red} red rounds`)
  if (survivors.length > 0 || red > 0) process.exitCode = 1
}
