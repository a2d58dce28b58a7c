import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { findPostmaster } from '../../src/find-postmaster.ts'
import { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from '../../src/index.ts'

const HOLD_SERVER = fileURLToPath(new URL('hold-server.ts', import.meta.url))

/** A directory for one test, with servers on it in this process and in others, all of which `cleanUp` ends. */
export function setup() {
  const top = mkdtempSync(join(tmpdir(), `stanchion-test-${process.pid}-`))
  const dataDir = join(top, 'data')
  const servers: EmbeddedPostgres[] = []
  const holders: ChildProcess[] = []

  return {
    top,
    dataDir,
    async start(options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
      const server = await startEmbeddedPostgres({ dataDir, ...options })
      servers.push(server)
      return server
    },
    /** Starts the server from another process and returns when it runs. */
    async startElsewhere(): Promise<{ postmasterPid: number; end(signal: NodeJS.Signals): Promise<void> }> {
      const child = spawn(process.execPath, [HOLD_SERVER, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
      holders.push(child)
      const [line] = await once(child.stdout, 'data')
      return {
        postmasterPid: Number(line),
        end: async (signal) => {
          const gone = once(child, 'exit')
          child.kill(signal)
          await gone
        },
      }
    },
    async cleanUp(): Promise<void> {
      for (const child of holders) child.kill('SIGKILL')
      for (const server of servers) await server.stop('immediate')
      // One that outlived the processes which used it is found by one more start.
      if (findPostmaster(join(dataDir, 'postgres')))
        await startEmbeddedPostgres({ dataDir }).then((last) => last.stop())
      rmSync(top, { recursive: true, maxRetries: 5 })
    },
  }
}

/** Runs one statement on a connection of its own. */
export async function query(databaseUrl: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

/** Runs the statement again and again until the server answers. */
export async function queryWhenUp(databaseUrl: string, sql: string): Promise<Record<string, unknown>[]> {
  for (;;) {
    try {
      return await query(databaseUrl, sql)
    } catch (error) {
      const code = (error as { code?: string }).code ?? ''
      // Away (no socket, nobody behind it, broken off), shutting down or starting.
      const away = /^(ENOENT|ECONNREFUSED|ECONNRESET|EPIPE|57P0[123])$/.test(code)
      if (!away && !/terminated/.test(`${error}`)) throw error
    }
  }
}
