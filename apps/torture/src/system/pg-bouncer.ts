import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort, killProcess } from '@stanchion/testing'
import pg from 'pg'
import { parse } from 'pg-connection-string'
import { throughAddress } from '../proxy/upstream-address.ts'

/** From Debian's package. */
const PROGRAM = '/usr/sbin/pgbouncer'
const START_SECONDS_MAX = 30
const LOOK_EVERY_MS = 100

/** A PgBouncer in transaction mode that can be ended and started again, always at the same address. */
export interface PgBouncer {
  readonly databaseUrl: string
  /** Starts it, and waits until it leads to the database. */
  start(): Promise<void>
  /** Ends it as `kill -9` does. */
  kill(): Promise<void>
  /** Ends it and removes its settings. */
  stop(): Promise<void>
}

/** Why there can be no PgBouncer on this machine. */
export function missingPgBouncer(): string | undefined {
  if (process.platform !== 'linux' || !existsSync(PROGRAM)) return `${PROGRAM} is not there (Debian: pgbouncer)`
  return undefined
}

/** Starts a PgBouncer before a database that is reached through a unix socket. */
export async function startPgBouncer(databaseUrl: string): Promise<PgBouncer> {
  const { host: socketDirectory, user } = parse(databaseUrl)
  if (!socketDirectory?.startsWith('/')) throw new Error('PgBouncer is put before a unix socket')
  const port = await freePort()
  const directory = mkdtempSync(join(tmpdir(), 'stanchion-pgbouncer-'))
  chmodSync(directory, 0o755)
  const file = join(directory, 'pgbouncer.ini')
  const settings = {
    ...{ listen_addr: '127.0.0.1', listen_port: port, unix_socket_dir: '' },
    ...{ auth_type: 'any', pool_mode: 'transaction', default_pool_size: 20 },
    ignore_startup_parameters: 'extra_float_digits',
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`)
  writeFileSync(file, `[databases]\n* = host=${socketDirectory} user=${user}\n[pgbouncer]\n${lines.join('\n')}\n`)
  const url = throughAddress(databaseUrl, { address: '127.0.0.1', port })
  const run = () =>
    // It ends with this process, however that ends; it refuses to be root, and only its owner may use the socket.
    spawn('setpriv', ['--pdeathsig=KILL', PROGRAM, '-q', file], {
      ...(process.getuid?.() === 0 ? { uid: statSync(socketDirectory).uid } : {}),
      stdio: 'ignore',
    })
  let program = run()
  const bouncer: PgBouncer = {
    databaseUrl: url,
    async start() {
      if (program.exitCode !== null || program.signalCode !== null) program = run()
      await untilReached(url)
    },
    kill: () => killProcess(program),
    async stop() {
      await killProcess(program)
      rmSync(directory, { recursive: true })
    },
  }
  try {
    await bouncer.start()
    return bouncer
  } catch (error) {
    await bouncer.stop()
    throw error
  }
}

async function untilReached(connectionString: string): Promise<void> {
  for (const lastMs = performance.now() + START_SECONDS_MAX * 1000; ; await delay(LOOK_EVERY_MS)) {
    const client = new pg.Client({ connectionString })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.query('SELECT')
      return
    } catch (error) {
      if (performance.now() > lastMs) throw error
    } finally {
      await client.end().catch(() => undefined)
    }
  }
}
