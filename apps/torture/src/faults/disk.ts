import { spawnSync } from 'node:child_process'
import { rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { missingForDiskVolume, type PostgresProcess } from '@stanchion/testing'
import { openSession } from './database-session.ts'
import type { Fault } from './fault.ts'

const BLOCK_BYTES = 4096
/** Segments of the log that are kept ready when the disk is full for all else. */
const SPARE_SEGMENTS = 6
/** More than there can be ready. */
const SEGMENTS_MAX = 64
const SWITCH_SEGMENT = `SELECT pg_logical_emit_message(false, 'torture', ''), pg_switch_wal()`
const RETURN_SECONDS_MAX = 60
const RETURN_DELAY_MS = 100

/** The machine of the database is off, in the middle of a write. What was not synced by then is gone. */
export const cutPower: Fault = {
  name: 'cut-power',
  about: 'the disk of Postgres stops at one instant; Postgres starts again with what had been synced',
  hits: 'postgres',
  on: 'volume',
  stops: 'database',
  needs: missingForDiskVolume,
  async inject({ system: { postgres } }) {
    await postgres.cutPower()
    return () => postgres.start()
  },
}

/** No table can grow, and the log has room that it was given before: statements fail one by one, and Postgres stays. */
export const fillDisk: Fault = {
  name: 'fill-disk',
  about: 'the disk of Postgres is full, so that no table can grow; then it has room again',
  hits: 'postgres',
  on: 'volume',
  needs: missingForDiskVolume,
  async inject({ system: { postgres, databaseUrl } }) {
    const session = await openSession(databaseUrl)
    try {
      for (let i = 0; i < SPARE_SEGMENTS; i++) await session.query(SWITCH_SEGMENT)
      // What is no longer needed of the log becomes its next segments.
      await session.query('CHECKPOINT')
    } finally {
      await session.end()
    }
    fill(postgres)
    return async () => empty(postgres)
  },
}

/** The log cannot grow either, which Postgres does not survive: it cannot come back before there is room. */
export const fillLogDisk: Fault = {
  name: 'fill-log-disk',
  about: 'the disk of Postgres is full, so that it panics over its log; it comes back when it has room again',
  hits: 'postgres',
  on: 'volume',
  needs: missingForDiskVolume,
  async inject({ system: { postgres, databaseUrl } }) {
    const session = await openSession(databaseUrl)
    fill(postgres)
    try {
      for (let i = 0; i < SEGMENTS_MAX; i++) await session.query(SWITCH_SEGMENT)
    } catch {
      // It has panicked.
    } finally {
      await session.end().catch(() => undefined)
    }
    return async () => {
      empty(postgres)
      await untilReachable(databaseUrl)
    }
  },
}

/** Takes all that is left on the volume, down to its last block. */
function fill(postgres: PostgresProcess): void {
  const { bavail, bsize } = statfsSync(postgres.dataDir)
  let filledBytes = 0
  for (let bytes = bavail * bsize; bytes >= BLOCK_BYTES; ) {
    const isTaken = spawnSync('fallocate', ['-o', `${filledBytes}`, '-l', `${bytes}`, fillerOf(postgres)]).status === 0
    if (isTaken) filledBytes += bytes
    else bytes = Math.floor(bytes / 2)
  }
}

function empty(postgres: PostgresProcess): void {
  rmSync(fillerOf(postgres))
  // Blocks can be used again when their release is in the journal.
  spawnSync('sync', ['-f', postgres.dataDir])
}

function fillerOf({ dataDir }: PostgresProcess): string {
  return join(dataDir, 'filler')
}

async function untilReachable(databaseUrl: string): Promise<void> {
  for (const lastMs = performance.now() + RETURN_SECONDS_MAX * 1000; ; await delay(RETURN_DELAY_MS)) {
    try {
      const session = await openSession(databaseUrl)
      await session.end()
      return
    } catch (error) {
      if (performance.now() > lastMs) throw error
    }
  }
}
