import { describe, expect, it } from '@jest/globals'
import type { DatabaseStatistics } from '@stanchion/queue'
import { DatabaseReadings } from './database-metrics.ts'

const STATISTICS: DatabaseStatistics = {
  sizeBytes: 1,
  logSegments: 1,
  oldestSnapshotAgeSeconds: 0,
  hiddenSessions: 0,
  tables: [],
}

/** Readings of a database that can be away or silent, and a clock that is moved by hand. */
function setup() {
  const database = { reads: 0, nowMs: 0, answer: async (): Promise<DatabaseStatistics> => STATISTICS }
  const readings = new DatabaseReadings(
    {
      databaseStatistics() {
        database.reads += 1
        return database.answer()
      },
    },
    () => database.nowMs,
  )
  return { database, readings }
}

describe('what the database said', () => {
  it('is read once for all that ask within ten seconds', async () => {
    const { database, readings } = setup()
    expect(await Promise.all([readings.get(), readings.get()])).toEqual([STATISTICS, STATISTICS])
    database.nowMs = 9_999
    await readings.get()
    expect(database.reads).toBe(1)
    database.nowMs = 10_000
    await readings.get()
    expect(database.reads).toBe(2)
  })

  it('is shown for a minute while the database is away, and then no more', async () => {
    const { database, readings } = setup()
    await readings.get()
    database.answer = () => Promise.reject(new Error('away'))
    database.nowMs = 59_999
    expect(await readings.get()).toEqual(STATISTICS)
    database.nowMs = 60_000
    expect(await readings.get()).toBeUndefined()
  })

  it('is waited for no longer than a second, and not asked for again meanwhile', async () => {
    const { database, readings } = setup()
    const silent = Promise.withResolvers<DatabaseStatistics>()
    database.answer = () => silent.promise
    const startedAtMs = performance.now()
    expect(await readings.get()).toBeUndefined()
    expect(performance.now() - startedAtMs).toBeGreaterThan(900)
    const second = readings.get()
    silent.resolve(STATISTICS)
    expect(await second).toEqual(STATISTICS)
    expect(database.reads).toBe(1)
  })
})
