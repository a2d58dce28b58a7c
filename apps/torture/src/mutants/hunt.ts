import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { VoidLimits } from '../checkers/void-run.ts'
import type { Fault } from '../faults/fault.ts'
import { type Judgement, judge } from '../run/judge.ts'
import { runRound } from '../run/run-round.ts'
import { startSystem } from '../system/system.ts'
import type { DrainOptions } from '../workload/drain.ts'
import { type Mutant, type Patch, sourcePatchesOf } from './mutant.ts'
import { patchDatabase } from './patch-database.ts'
import { patchSources } from './patch-sources.ts'

/** What a mutant and the server as it is are both put through. */
export interface Trial {
  readonly seed: string
  readonly clients: number
  readonly requests: number
  readonly servers: number
  readonly faults: readonly Fault[]
  readonly traps: readonly Patch[]
  readonly drain: DrainOptions
}

/** A checker that went red. */
export interface Catch {
  readonly checker: string
  /** The number of the request with which the first violation was complete. */
  readonly requests: number
  /** The first violation, in a sentence. */
  readonly text: string
}

/** What came of a hunt. */
export interface Hunt {
  readonly mutant: Mutant
  /** The trial of the last round, in which it was caught if it was. */
  readonly trial: Trial
  /** Of the last round: every checker that went red, those with the earliest violation first. */
  readonly catches: readonly Catch[]
  /** Requests of the rounds before it, in which no checker that has to go red did. */
  readonly requestsBefore: number
  /** Whether a checker that has to go red did. */
  readonly isCaught: boolean
}

/** A queue that has lost something, or delivers the same for ever, would be waited for long. No lease of a round is longer than 10 s. */
const DRAIN: DrainOptions = { idleSecondsMax: 13, secondsMax: 40 }

/** A mutant is caught however little else happened. */
const NO_LIMITS: VoidLimits = { acksAfterLastFaultMin: 0, overlappingClaimsMin: 0, faultsMin: 0 }

/** Runs rounds with a mutant until a checker that has to go red does, or they have been too many. */
export async function hunt(
  mutant: Mutant,
  { seed, ...settings }: Pick<Trial, 'seed' | 'clients' | 'requests' | 'servers'>,
  roundsMax: number,
): Promise<Hunt> {
  let requestsBefore = 0
  for (let round = 1; ; round++) {
    const trial: Trial = {
      ...settings,
      seed: round === 1 ? seed : `${seed}-${round}`,
      faults: mutant.faults ?? [],
      traps: mutant.traps ?? [],
      drain: { ...DRAIN, ...mutant.drain },
    }
    const judgement = await runTrial(trial, NO_LIMITS, mutant.patches)
    const catches = catchesOf(judgement)
    const isCaught = catches.some(({ checker }) => mutant.checkers.includes(checker))
    if (isCaught || round === roundsMax) return { mutant, trial, catches, requestsBefore, isCaught }
    requestsBefore += judgement.requests
  }
}

/** Runs one round with the server as it is, or with these patches. */
export async function runTrial(trial: Trial, limits: VoidLimits, mistakes: readonly Patch[] = []): Promise<Judgement> {
  const directory = mkdtempSync(join(tmpdir(), 'stanchion-mutant-'))
  try {
    const patches = [...trial.traps, ...mistakes]
    const start = patchSources(sourcePatchesOf(patches))
    const system = await startSystem({ servers: trial.servers, faults: trial.faults, directory, ...start })
    try {
      await withClient(system.databaseUrl, (client) => patchDatabase(client, patches))
      const roundDirectory = join(directory, 'round')
      mkdirSync(roundDirectory)
      return judge(await runRound(system, { ...trial, directory: roundDirectory }), limits)
    } finally {
      await system.stop()
    }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

async function withClient(databaseUrl: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

function catchesOf({ verdicts, requests: all }: Judgement): readonly Catch[] {
  return verdicts
    .flatMap(({ checker, violations }) => {
      const found = violations.map(({ text, requests }) => ({
        checker,
        requests: requests.length === 0 ? all : Math.max(...requests),
        text,
      }))
      const [first] = found.sort((a, b) => a.requests - b.requests)
      // A run is void for what the other checkers say in other words.
      return first === undefined || checker === 'not void' ? [] : [first]
    })
    .sort((a, b) => a.requests - b.requests)
}
