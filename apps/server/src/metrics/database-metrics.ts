import { setTimeout as after } from 'node:timers/promises'
import type { DatabaseStatistics, Engine } from '@stanchion/queue'
import { Gauge } from 'prom-client'
import type { Define } from './define.ts'
import type { MetricName } from './names.ts'

/** However often the metrics are collected, the database is asked this seldom. */
const FRESH_MS = 10_000
/** A collection waits this long for the database, and then shows what was read before. */
const WAIT_MS = 1_000
/** What is older than this is not shown any more. */
const STALE_MS = 60_000

type Source = Pick<Engine, 'databaseStatistics'>

/** Keeps what the database last said, so that a collection costs it next to nothing and never hangs because of it. */
export class DatabaseReadings {
  readonly #source: Source
  readonly #nowMs: () => number
  #last: { readonly statistics: DatabaseStatistics; readonly atMs: number } | undefined
  #reading: Promise<void> | undefined

  constructor(source: Source, nowMs = () => performance.now()) {
    this.#source = source
    this.#nowMs = nowMs
  }

  /** `undefined` when nothing recent is known. */
  async get(): Promise<DatabaseStatistics | undefined> {
    if (this.#ageMs() >= FRESH_MS) {
      this.#reading ??= this.#read().finally(() => {
        this.#reading = undefined
      })
      const waiting = new AbortController()
      await Promise.race([
        this.#reading,
        after(WAIT_MS, undefined, { ref: false, signal: waiting.signal }).catch(() => undefined),
      ])
      waiting.abort()
    }
    return this.#ageMs() < STALE_MS ? this.#last?.statistics : undefined
  }

  #ageMs(): number {
    return this.#last === undefined ? Number.POSITIVE_INFINITY : this.#nowMs() - this.#last.atMs
  }

  async #read(): Promise<void> {
    try {
      this.#last = { statistics: await this.#source.databaseStatistics(), atMs: this.#nowMs() }
    } catch {
      // Whether the database can be reached is a metric of its own.
    }
  }
}

/** What Postgres says about itself and the schema; every node answers the same. */
export function watchDatabase(source: Source, define: Define): void {
  const readings = new DatabaseReadings(source)
  const gauge = (name: MetricName, read: (statistics: DatabaseStatistics) => number) =>
    new Gauge({
      ...define(name),
      async collect() {
        const statistics = await readings.get()
        this.remove()
        if (statistics !== undefined) this.set(read(statistics))
      },
    })
  const rowsGauge = (name: MetricName, read: (rows: DatabaseStatistics['tables'][number]) => number) =>
    new Gauge({
      ...define(name, 'table'),
      async collect() {
        const statistics = await readings.get()
        this.reset()
        for (const rows of statistics?.tables ?? []) this.set({ table: rows.table }, read(rows))
      },
    })
  rowsGauge('stanchion_database_live_rows', ({ liveRows }) => liveRows)
  rowsGauge('stanchion_database_dead_rows', ({ deadRows }) => deadRows)
  gauge('stanchion_database_oldest_snapshot_age_seconds', (statistics) => statistics.oldestSnapshotAgeSeconds)
  gauge('stanchion_database_hidden_sessions', ({ hiddenSessions }) => hiddenSessions)
  gauge('stanchion_database_size_bytes', ({ sizeBytes }) => sizeBytes)
  gauge('stanchion_log_segments', ({ logSegments }) => logSegments)
}
