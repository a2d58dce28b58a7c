import { fork } from 'node:child_process'
import { once } from 'node:events'
import pg from 'pg'

/** The Postgres that all contenders of a run share, each in a database of its own. */
export interface BenchPostgres {
  readonly pid: number
  createDatabase(): Promise<string>
  /** Drops all databases made so far; their servers must have been stopped. */
  dropDatabases(): Promise<void>
  stop(): Promise<void>
}

const PROGRAM = new URL('./postgres-program.ts', import.meta.url)
const FOLLOW_PARENT = new URL('../../../scripts/follow-parent.mjs', import.meta.url).href

/** Starts a Postgres with an empty data directory. */
export async function startPostgres(): Promise<BenchPostgres> {
  const child = fork(PROGRAM, {
    execArgv: ['--disable-warning=ExperimentalWarning', '--import', FOLLOW_PARENT],
    // A session of its own: Ctrl-C in a terminal must not end it before its contenders.
    detached: true,
  })
  const exited = once(child, 'exit')
  const started = await Promise.race([
    once(child, 'message').then(([message]) => message as { databaseUrl: string; pid: number }),
    exited.then(() => {
      throw new Error('the Postgres of the benchmark did not start')
    }),
  ])
  const names: string[] = []
  let made = 0
  const run = async (sql: string) => {
    const client = new pg.Client({ connectionString: started.databaseUrl })
    await client.connect()
    await client.query(sql)
    await client.end()
  }
  return {
    pid: started.pid,
    async createDatabase() {
      const name = `bench_${made++}`
      names.push(name)
      await run(`CREATE DATABASE ${name}`)
      const url = new URL(started.databaseUrl.replace('@/', '@localhost/'))
      return `postgres://${url.username}@/${name}${url.search}`
    },
    async dropDatabases() {
      for (const name of names.splice(0)) await run(`DROP DATABASE ${name} WITH (FORCE)`)
    },
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}
