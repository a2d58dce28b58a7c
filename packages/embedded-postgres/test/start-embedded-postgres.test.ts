import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { isPostmaster } from '../src/find-postmaster.ts'
import { query, queryWhenUp, setup } from './helpers/setup.ts'

jest.setTimeout(60_000)

const isRoot = process.getuid?.() === 0
let place: ReturnType<typeof setup>

beforeEach(() => {
  place = setup()
})
afterEach(() => place.cleanUp())

describe('a fresh start', () => {
  it('gives a Postgres 18 with UTF-8 text, checksums and every safety on', async () => {
    const { databaseUrl } = await place.start()
    const [row] = await query(
      databaseUrl,
      `SELECT current_database() AS database, current_setting('server_version_num')::int / 10000 AS major,
         current_setting('server_encoding') AS encoding, current_setting('data_checksums') AS checksums,
         current_setting('fsync') AS fsync, current_setting('full_page_writes') AS pages,
         current_setting('synchronous_commit') AS commits, 'a' < 'B' AS "sorts like a dictionary"`,
    )
    expect(row).toEqual({
      database: 'stanchion',
      major: 18,
      encoding: 'UTF8',
      checksums: 'on',
      fsync: 'on',
      pages: 'on',
      commits: 'on',
      'sorts like a dictionary': false,
    })
  })

  it('listens on a unix socket alone, in a directory that is closed to other users', async () => {
    const { databaseUrl } = await place.start()
    const [row] = await query(
      databaseUrl,
      `SELECT inet_server_addr() AS address, current_setting('listen_addresses') AS listen`,
    )
    expect(row).toEqual({ address: null, listen: '' })
    expect(statSync(join(place.dataDir, 'socket')).mode & 0o777).toBe(0o700)
  })

  it('works below a path that is longer than a socket allows, and one with spaces and quotes', async () => {
    const dataDir = join(place.top, `it's "data", ${'long '.repeat(20)}`)
    const server = await place.start({ dataDir })
    try {
      expect(decodeURIComponent(server.databaseUrl)).toMatch(/\/stanchion-\d+-[0-9a-f]{12}$/)
      expect(await query(server.databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    } finally {
      await server.stop()
    }
  })

  it('begins again after one that broke off while it made the cluster', async () => {
    // No process has this id: it is beyond what Linux gives out.
    const unfinished = join(place.dataDir, 'postgres.new-4194305-Ab12Cd')
    mkdirSync(unfinished, { recursive: true })
    writeFileSync(join(unfinished, 'PG_VERSION'), '18\n')
    const { databaseUrl } = await place.start()
    expect(await query(databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    expect(readdirSync(place.dataDir).sort()).toEqual(['postgres', 'socket'])
  })

  it('may be made by several processes at once: one makes the cluster, all use it', async () => {
    const holders = await Promise.all([place.startElsewhere(), place.startElsewhere(), place.startElsewhere()])
    expect(new Set(holders.map((holder) => holder.postmasterPid)).size).toBe(1)
  })

  it('says why Postgres does not start', async () => {
    await expect(place.start({ settings: { shared_buffers: 'plenty' } })).rejects.toThrow(/shared_buffers.*"plenty"/)
  })
})

describe('G1: what was committed is there again', () => {
  const keep = 'CREATE TABLE kept AS SELECT 42 AS answer'
  const look = 'SELECT answer FROM kept'

  it('after a stop and a start', async () => {
    const first = await place.start()
    await query(first.databaseUrl, keep)
    const pid = first.postmasterPid() ?? 0
    await first.stop()
    expect(isPostmaster(pid, join(place.dataDir, 'postgres'))).toBe(false)
    const second = await place.start()
    expect(second.databaseUrl).toBe(first.databaseUrl)
    expect(await query(second.databaseUrl, look)).toEqual([{ answer: 42 }])
  })

  it('after kill -9 of Postgres, which is started again without being asked', async () => {
    const { databaseUrl, postmasterPid } = await place.start()
    for (let round = 0; round < 2; round += 1) {
      const killed = postmasterPid() ?? 0
      await query(databaseUrl, round === 0 ? keep : 'SELECT')
      process.kill(killed, 'SIGKILL')
      expect(await queryWhenUp(databaseUrl, look)).toEqual([{ answer: 42 }])
      expect(postmasterPid()).not.toBe(killed)
    }
  })

  it('after kill -9 of the process that started it: the next one takes the running server over', async () => {
    const holder = await place.startElsewhere()
    await holder.end('SIGKILL')
    const server = await place.start()
    expect(server.postmasterPid()).toBe(holder.postmasterPid)
    await server.stop()
    expect(server.postmasterPid()).toBeUndefined()
  })

  it('after kill -9 of both', async () => {
    const holder = await place.startElsewhere()
    await holder.end('SIGKILL')
    process.kill(holder.postmasterPid, 'SIGKILL')
    const { databaseUrl } = await place.start()
    expect(await query(databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  it('after the id of a killed server was given to another process', async () => {
    const server = await place.start()
    await query(server.databaseUrl, keep)
    await server.stop()
    const lockFile = `${process.pid}\n${join(place.dataDir, 'postgres')}\n1\n5432\n${join(place.dataDir, 'socket')}\n\n`
    writeFileSync(join(place.dataDir, 'postgres', 'postmaster.pid'), lockFile)
    mkdirSync(join(place.dataDir, 'socket'))
    writeFileSync(join(place.dataDir, 'socket', '.s.PGSQL.5432.lock'), lockFile)
    const { databaseUrl } = await place.start()
    expect(await query(databaseUrl, look)).toEqual([{ answer: 42 }])
  })
})

describe('several processes on one data directory', () => {
  it('share the server, which stops with the last of them, whoever came first', async () => {
    const first = await place.startElsewhere()
    const second = await place.start()
    expect(second.postmasterPid()).toBe(first.postmasterPid)
    const third = await place.startElsewhere()
    expect(third.postmasterPid).toBe(first.postmasterPid)

    await first.end('SIGTERM')
    await third.end('SIGTERM')
    expect(await query(second.databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    await second.stop()
    expect(isPostmaster(first.postmasterPid, join(place.dataDir, 'postgres'))).toBe(false)
  })

  it('find it by another path to the same directory', async () => {
    const first = await place.start()
    const link = join(place.top, 'link')
    symlinkSync(place.dataDir, link)
    const second = await place.start({ dataDir: link })
    expect(second.databaseUrl).toBe(first.databaseUrl)
  })
})

describe('the log of the server', () => {
  it('keeps no more than a few files', async () => {
    const first = await place.start()
    await first.stop()
    const logDir = join(place.dataDir, 'postgres', 'log')
    for (let day = 10; day < 20; day += 1) writeFileSync(join(logDir, `postgres-202001${day}-000000.log`), 'old\n')
    await place.start()
    expect(existsSync(join(logDir, 'postgres-20200110-000000.log'))).toBe(false)
    expect(readdirSync(logDir).length).toBeLessThanOrEqual(6)
  })
})

const asRoot = isRoot ? describe : describe.skip
asRoot('as root', () => {
  it('runs as another user', async () => {
    const { postmasterPid } = await place.start()
    const owner = statSync(join(place.dataDir, 'postgres')).uid
    expect(owner).not.toBe(0)
    const status = execFileSync('grep', ['^Uid:', `/proc/${postmasterPid()}/status`], { encoding: 'utf8' })
    expect(status.trim().split('\t').slice(1)).toEqual(Array(4).fill(`${owner}`))
  })

  it('passes directories that are closed to that user, says so, and gives it no other power', async () => {
    chmodSync(place.top, 0o700)
    const info = jest.fn()
    const ignore = () => {}
    const { databaseUrl, postmasterPid } = await place.start({
      logger: { debug: ignore, info, warn: ignore, error: ignore },
    })
    expect(await query(databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    expect(info).toHaveBeenCalledWith(
      expect.objectContaining({ capability: 'dac_read_search' }),
      expect.stringContaining('closed directories'),
    )
    const effective = execFileSync('grep', ['^CapEff:', `/proc/${postmasterPid()}/status`], { encoding: 'utf8' })
    // Bit 2 is CAP_DAC_READ_SEARCH.
    expect(effective).toMatch(/0000000000000004$/m)
  })

  it('leaves the directory above the cluster to whoever owned it', async () => {
    await place.start()
    expect(statSync(place.dataDir).uid).toBe(0)
    expect(statSync(tmpdir()).uid).toBe(0)
  })
})
