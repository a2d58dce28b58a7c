import { setTimeout as delay } from 'node:timers/promises'
import { freePort, type NodeProgram, startNodeProgram } from '@stanchion/testing'
import type { Target } from '../workload/recording-wire.ts'
import type { DatabaseLink } from './database-link.ts'

const MAIN = new URL('../../../server/src/main.ts', import.meta.url)

const START_SECONDS_MAX = 60
const RESTART_DELAY_MS = 200
/** Where compiled code is kept, so that a server that is started for the twentieth time costs half. */
const { NODE_COMPILE_CACHE } = process.env

/** What a server is started with. */
export interface ServerNodeOptions {
  readonly name: string
  readonly link: DatabaseLink
  readonly env: Readonly<Record<string, string>>
  /** For Node itself. */
  readonly nodeArgs?: readonly string[]
  /** Where its log is appended. */
  readonly logFile: string
}

/** A server process that can be ended and started again, always at the same address. */
export class ServerNode implements Target {
  readonly name: string
  readonly url: string
  /** Its way to Postgres. */
  readonly link: DatabaseLink
  isLeft = false
  readonly #start: () => Promise<NodeProgram>
  #program: NodeProgram | undefined

  private constructor(name: string, port: number, link: DatabaseLink, start: () => Promise<NodeProgram>) {
    this.name = name
    this.url = `http://127.0.0.1:${port}`
    this.link = link
    this.#start = start
  }

  /** Starts a server, and waits until it listens. */
  static async start({ name, link, env, nodeArgs = [], logFile }: ServerNodeOptions): Promise<ServerNode> {
    const port = await freePort()
    const compileCache = NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }
    const settings = {
      DATABASE_URL: link.databaseUrl,
      PORT: String(port),
      STANCHION_LOG_LEVEL: 'warn',
      ...compileCache,
      ...env,
    }
    const node = new ServerNode(name, port, link, () => startNodeProgram(MAIN, { env: settings, nodeArgs, logFile }))
    await node.start()
    return node
  }

  /** Starts it after its end, again and again as a supervisor does: without a database a server does not start. */
  async start(): Promise<void> {
    for (const lastMs = performance.now() + START_SECONDS_MAX * 1000; ; await delay(RESTART_DELAY_MS)) {
      try {
        this.#program = await this.#start()
        return
      } catch (error) {
        if (performance.now() > lastMs) throw error
      }
    }
  }

  /** Of the process that runs now, or ran last. */
  get pid(): number | undefined {
    return this.#program?.pid
  }

  signal(name: NodeJS.Signals): void {
    this.#program?.signal(name)
  }

  /** Ends it as `kill -9` does. */
  async kill(): Promise<void> {
    await this.#program?.kill()
  }

  /** Ends it in order. @returns its exit code; `null` when it had to be killed */
  async stop(): Promise<number | null | undefined> {
    await this.#program?.stop()
    return this.#program?.exited
  }
}
