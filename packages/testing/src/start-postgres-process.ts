import { fork } from 'node:child_process'
import { once } from 'node:events'
import pg from 'pg'

/** A Postgres of a run, which leaves nothing behind however the run ends. */
export interface PostgresProcess {
  /** Of the server that was started first. */
  readonly pid: number
  /** Where its data lie; the top of its volume, if it has one. */
  readonly dataDir: string
  /** Of the server that runs now: it is started again whenever it dies. `undefined` while it is away. */
  currentPid(): Promise<number | undefined>
  /** @returns its URL, which stays the same over `crash`, `halt` and `start` */
  createDatabase(): Promise<string>
  /** Drops all databases made so far; whoever uses them must have been stopped. */
  dropDatabases(): Promise<void>
  /** Stops the server as a crash would (`immediate`). It stays down. */
  crash(): Promise<void>
  /** Stops the server in order (`fast`). It stays down. */
  halt(): Promise<void>
  /** Starts the server again on the same data, and waits until it takes connections. */
  start(): Promise<void>
  /** Cuts the power of its volume, and brings back what had been synced by then. The server stays down. */
  cutPower(): Promise<void>
  /** Ends the server and removes its data. */
  stop(): Promise<void>
}

/** What a server is started with. */
export interface PostgresProcessOptions {
  /** By the names Postgres gives them. */
  readonly settings?: Readonly<Record<string, string>>
  /** Variables of its environment beside those of every server. */
  readonly env?: Readonly<Record<string, string>>
  /** Puts its data on a file system of their own, so large. See `missingForDiskVolume`. */
  readonly volumeMegabytes?: number
  /** A command that becomes the command that follows it, in other surroundings. */
  readonly wrapper?: readonly string[]
}

interface State {
  readonly dataDir: string
  readonly databaseUrl: string
  readonly pid?: number
}

const PROGRAM = new URL('./postgres-program.ts', import.meta.url)
const FOLLOW_PARENT = new URL('../../../scripts/follow-parent.mjs', import.meta.url).href

/** Starts a Postgres with an empty data directory. */
export async function startPostgresProcess({
  wrapper = [],
  ...options
}: PostgresProcessOptions = {}): Promise<PostgresProcess> {
  const [execPath = process.execPath, ...rest] = [...wrapper, process.execPath]
  const child = fork(PROGRAM, [JSON.stringify(options)], {
    execPath,
    execArgv: [...rest, '--disable-warning=ExperimentalWarning', '--import', FOLLOW_PARENT],
    // A session of its own: Ctrl-C in a terminal must not end it before those who use it.
    detached: true,
  })
  const exited = once(child, 'exit')
  const told = () =>
    Promise.race([
      once(child, 'message').then(([message]) => message as State),
      exited.then((): never => {
        throw new Error('the Postgres of this run has ended')
      }),
    ])
  const started = await told()
  // One at a time, so that each answer belongs to its command.
  let last: Promise<unknown> = Promise.resolve()
  const ask = (command: 'pid' | 'crash' | 'stop' | 'start' | 'cutPower'): Promise<State> => {
    const answer = last.then(() => {
      const state = told()
      child.send(command)
      return state
    })
    last = answer.catch(() => undefined)
    return answer
  }
  const names: string[] = []
  let made = 0
  const run = async (sql: string) => {
    const client = new pg.Client({ connectionString: started.databaseUrl })
    await client.connect()
    await client.query(sql)
    await client.end()
  }
  return {
    pid: started.pid as number,
    dataDir: started.dataDir,
    currentPid: async () => (await ask('pid')).pid,
    async createDatabase() {
      const name = `run_${made++}`
      names.push(name)
      await run(`CREATE DATABASE ${name}`)
      const url = new URL(started.databaseUrl.replace('@/', '@localhost/'))
      return `postgres://${url.username}@/${name}${url.search}`
    },
    async dropDatabases() {
      for (const name of names.splice(0)) await run(`DROP DATABASE ${name} WITH (FORCE)`)
    },
    crash: async () => void (await ask('crash')),
    halt: async () => void (await ask('stop')),
    start: async () => void (await ask('start')),
    cutPower: async () => void (await ask('cutPower')),
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}
