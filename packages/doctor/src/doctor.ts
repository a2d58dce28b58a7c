import type { Facts, GrowthFacts, Known, NodeFacts } from './facts/facts.ts'
import { readPostgresFacts } from './facts/read-postgres-facts.ts'
import type { Reader } from './reader.ts'
import type { Report } from './report.ts'
import { runChecks } from './run-checks.ts'
import type { Thresholds } from './thresholds.ts'

/** How long facts are judged again instead of asking for others. */
const FACTS_LIFE_MS = 5_000
/** The size of the database is remembered once a minute, for an hour. */
const SIZE_STEP_MS = 60_000
const SIZES_MAX = 60

export interface DoctorOptions {
  readonly databaseUrl: string
  /** What the node knows about itself; asked once an examination. */
  readonly node: () => Promise<NodeFacts>
  readonly thresholds?: Partial<Thresholds>
  /** 5,000 when absent. */
  readonly factsLifeMs?: number
}

interface Reading {
  readonly facts: Facts
  readonly checkedAt: Date
}

/**
 * Examines a database and the node that runs on it. Whoever asks while an examination is under way, or within seconds of it, gets
 * what it read: asking often costs the database no more than asking now and then.
 */
export class Doctor {
  readonly #options: DoctorOptions
  readonly #sizes: { readonly atMs: number; readonly bytes: number }[] = []
  #last: { readonly reading: Promise<Reading>; readonly endsAtMs: number } | undefined

  constructor(options: DoctorOptions) {
    this.#options = options
  }

  /**
   * Never rejects because of the database: what cannot be asked is a check that is skipped.
   * @param reader who may not know everything; absent: whoever runs the installation
   */
  async examine(reader?: Reader): Promise<Report> {
    const { facts, checkedAt } = await this.#reading()
    return runChecks(facts, checkedAt, this.#options.thresholds, reader)
  }

  #reading(): Promise<Reading> {
    if (this.#last !== undefined && performance.now() < this.#last.endsAtMs) return this.#last.reading
    const reading = this.#read()
    const last = { reading, endsAtMs: Number.POSITIVE_INFINITY }
    this.#last = last
    const settle = () => {
      const { factsLifeMs = FACTS_LIFE_MS } = this.#options
      if (this.#last === last) this.#last = { reading, endsAtMs: performance.now() + factsLifeMs }
    }
    reading.then(settle, () => {
      this.#last = undefined
    })
    return reading
  }

  async #read(): Promise<Reading> {
    const [postgres, node] = await Promise.all([readPostgresFacts(this.#options.databaseUrl), this.#askNode()])
    const growth = 'value' in postgres.database ? this.#growth(postgres.database.value.sizeBytes) : postgres.database
    return { facts: { ...postgres, node, growth }, checkedAt: new Date() }
  }

  async #askNode(): Promise<Known<NodeFacts>> {
    try {
      return { value: await this.#options.node() }
    } catch (error) {
      return { unknown: `The node could not say: ${error instanceof Error ? error.message : String(error)}` }
    }
  }

  #growth(bytes: number): Known<GrowthFacts> {
    const atMs = performance.now()
    const newest = this.#sizes.at(-1)
    if (newest === undefined || atMs - newest.atMs >= SIZE_STEP_MS) this.#sizes.push({ atMs, bytes })
    if (this.#sizes.length > SIZES_MAX) this.#sizes.shift()
    const oldest = this.#sizes[0] as { atMs: number; bytes: number }
    return { value: { seconds: (atMs - oldest.atMs) / 1_000, bytes: bytes - oldest.bytes } }
  }
}

const NO_NODE = 'This looks at a server from within; only the database was examined.'

/** Examines a database alone, for the case that no server runs. Never rejects because of the database. */
export async function examineDatabase(databaseUrl: string, thresholds: Partial<Thresholds> = {}): Promise<Report> {
  const postgres = await readPostgresFacts(databaseUrl)
  return runChecks({ ...postgres, node: { unknown: NO_NODE }, growth: { unknown: NO_NODE } }, new Date(), thresholds)
}
