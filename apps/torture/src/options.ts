import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { CHECKERS } from './checkers/index.ts'
import type { Fault } from './faults/fault.ts'
import { FAULTS } from './faults/index.ts'

/** What a run is asked to do. */
export interface Options {
  readonly minutes: number
  /** The same queues and servers all the time, to see what grows. */
  readonly isSoak: boolean
  /** Goes on until it has made so many, when the time is over before. */
  readonly operations: number
  /** Ends after so many rounds, when the time is not over before. */
  readonly rounds: number
  /** Of the first round. */
  readonly seed: string
  readonly faults: readonly Fault[]
  readonly requests: number
  readonly clients: number
  readonly servers: number
  /** Where red rounds are kept. */
  readonly directory: string
  readonly pgBouncer: boolean
  readonly oldServer: string | undefined
  /** A history to look at again, instead of a run. */
  readonly judge: string | undefined
  /** Who looks at it; all when absent. */
  readonly checkers: readonly string[] | undefined
}

const NAMES = FAULTS.map(({ name, about }) => `    ${name.padEnd(24)}${about}`).join('\n')

const USAGE = `usage: npm run torture -- [options]

  --minutes 5          how long rounds are begun
  --soak HOURS         so long on the same queues and servers, to see what grows: faults hit Postgres alone,
                       unless others are named, and a file gets a line for each round
  --operations N       goes on until so many operations were made, whatever the time
  --rounds N           no more rounds than these
  --seed TEXT          of the first round; those after it have others. Random when absent
  --faults A,B         only these; all but those of clocks when absent, none with ''
  --requests 20000     how many requests a round makes at least
  --clients 64         how many clients work at a time
  --servers 2          how many servers share the database
  --directory .torture where red rounds are kept
  --pgbouncer          servers reach Postgres through PgBouncer in transaction mode
  --old-server DIR     a checkout of an older version, whose servers upgrade-server replaces
  --judge FILE         judges a history that was kept, and runs nothing
  --checkers A,B       with --judge: only these look at it

faults:
${NAMES}`

/** A command line that makes no sense. The message says why, and how it is done. */
export class UsageError extends Error {
  override readonly name = 'UsageError'

  constructor(problem: string) {
    super(`${problem}\n\n${USAGE}`)
  }
}

/**
 * Reads the command line.
 * @param randomSeed when none is given
 * @throws UsageError
 */
export function readOptions(args: readonly string[], randomSeed: string): Options {
  const { values } = parse(args)
  return {
    minutes: values.soak === undefined ? positive('minutes', values.minutes) : positive('soak', values.soak) * 60,
    isSoak: values.soak !== undefined,
    operations: values.operations === undefined ? 0 : whole('operations', values.operations),
    rounds: values.rounds === undefined ? Number.POSITIVE_INFINITY : whole('rounds', values.rounds),
    seed: values.seed ?? randomSeed,
    faults: values.faults === undefined ? usualFaults(values.soak !== undefined) : faultsOf(values.faults),
    requests: whole('requests', values.requests),
    clients: whole('clients', values.clients),
    servers: whole('servers', values.servers),
    directory: values.directory,
    pgBouncer: values.pgbouncer,
    oldServer: values['old-server'] === undefined ? undefined : checkout(values['old-server']),
    judge: values.judge,
    checkers: values.checkers === undefined ? undefined : checkersOf(values.checkers, values.judge),
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        minutes: { type: 'string', default: '5' },
        soak: { type: 'string' },
        operations: { type: 'string' },
        rounds: { type: 'string' },
        seed: { type: 'string' },
        faults: { type: 'string' },
        requests: { type: 'string', default: '20000' },
        clients: { type: 'string', default: '64' },
        servers: { type: 'string', default: '2' },
        directory: { type: 'string', default: '.torture' },
        pgbouncer: { type: 'boolean', default: false },
        'old-server': { type: 'string' },
        judge: { type: 'string' },
        checkers: { type: 'string' },
      },
    })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

function positive(option: string, text: string): number {
  const value = Number(text)
  if (!(value > 0) || !Number.isFinite(value)) throw new UsageError(`--${option} is a number above 0, and not ${text}`)
  return value
}

function whole(option: string, text: string): number {
  const value = positive(option, text)
  if (!Number.isInteger(value)) throw new UsageError(`--${option} is a whole number, and not ${text}`)
  return value
}

/**
 * What a server holds can only grow while it lives, so a soak leaves servers alone. Clocks are stepped when asked for: the library in between reads a
 * file whenever somebody looks at the time, which makes everything slow, and does so in signal handlers too, which can crash Postgres.
 */
function usualFaults(isSoak: boolean): readonly Fault[] {
  return FAULTS.filter(({ hits, on }) => on !== 'clocks' && !(isSoak && hits === 'server'))
}

function checkersOf(text: string, judge: string | undefined): readonly string[] {
  if (judge === undefined) throw new UsageError('--checkers is for --judge alone: all look at a run')
  const names = text.split(',')
  for (const name of names) {
    if (!CHECKERS.some((each) => each.name === name)) throw new UsageError(`there is no checker ${name}`)
  }
  return names
}

function checkout(directory: string): string {
  const path = resolve(directory)
  if (!existsSync(join(path, 'apps/server/src/main.ts'))) throw new UsageError(`${path} has no server in it`)
  return path
}

function faultsOf(text: string): readonly Fault[] {
  const names = text === '' ? [] : text.split(',')
  return names.map((name) => {
    const fault = FAULTS.find((each) => each.name === name)
    if (fault === undefined) throw new UsageError(`there is no fault ${name}`)
    return fault
  })
}
