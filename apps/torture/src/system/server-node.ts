import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort, type NodeProgram, startNodeProgram } from '@stanchion/testing'
import { type ArmedFailpoint, FAILPOINT_FILE_VARIABLE, FAILPOINT_SIGNAL } from '../failpoints/failpoint.ts'
import type { Target } from '../workload/recording-wire.ts'
import type { DatabaseLink } from './database-link.ts'
import type { FakedClock } from './faked-clock.ts'

const SERVER = 'apps/server/src/main.ts'
const NEWEST = new URL(`../../../../${SERVER}`, import.meta.url)

/** Which of two versions: that of this checkout, or the one that is to be replaced by it. */
export type ServerVersion = 'newest' | 'older'

const START_SECONDS_MAX = 60
const RESTART_DELAY_MS = 200
/** Where compiled code is kept, so that a server that is started for the twentieth time costs half. */
const { NODE_COMPILE_CACHE } = process.env

/** What a server is started with. */
export interface ServerNodeOptions {
  readonly name: string
  readonly link: DatabaseLink
  readonly env: Readonly<Record<string, string>>
  /** Its wall clock. Absent: that of the machine. */
  readonly clock?: FakedClock
  /** For Node itself. */
  readonly nodeArgs?: readonly string[]
  /** Where it is told at which point to end itself. */
  readonly failpointFile: string
  /** A checkout of an older version, which is then the one that is started first. */
  readonly oldServer?: string | undefined
  /** Where its log is appended. */
  readonly logFile: string
}

/** A server process that can be ended and started again, always at the same address. */
export class ServerNode implements Target {
  readonly name: string
  readonly url: string
  /** Its way to Postgres. */
  readonly link: DatabaseLink
  readonly clock: FakedClock | undefined
  isLeft = false
  readonly #start: (version: ServerVersion) => Promise<NodeProgram>
  readonly #failpointFile: string
  #version: ServerVersion
  #program: NodeProgram | undefined

  private constructor(
    { name, link, clock, failpointFile, oldServer }: ServerNodeOptions,
    port: number,
    start: (version: ServerVersion) => Promise<NodeProgram>,
  ) {
    this.name = name
    this.url = `http://127.0.0.1:${port}`
    this.link = link
    this.clock = clock
    this.#version = oldServer === undefined ? 'newest' : 'older'
    this.#failpointFile = failpointFile
    this.#start = start
  }

  /** Starts a server, and waits until it listens. */
  static async start(options: ServerNodeOptions): Promise<ServerNode> {
    const { link, env, clock, nodeArgs = [], oldServer, logFile } = options
    const port = await freePort()
    const hookEnv = { [FAILPOINT_FILE_VARIABLE]: options.failpointFile }
    const compileCache = NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }
    const base = { PORT: String(port), STANCHION_LOG_LEVEL: 'warn', ...compileCache }
    const settings = { ...base, ...hookEnv, ...link.env, ...clock?.env, ...env }
    const node = new ServerNode(options, port, (version) => {
      if (version === 'newest' || oldServer === undefined) {
        return startNodeProgram(NEWEST, { env: settings, nodeArgs, logFile })
      }
      return startNodeProgram(join(oldServer, SERVER), { env: settings, logFile })
    })
    await node.start()
    return node
  }

  /**
   * Starts it after its end, again and again as a supervisor does: without a database a server does not start.
   * @param version from now on; absent: the one that it had
   */
  async start(version = this.#version): Promise<void> {
    this.#version = version
    for (const lastMs = performance.now() + START_SECONDS_MAX * 1000; ; await delay(RESTART_DELAY_MS)) {
      try {
        this.#program = await this.#start(version)
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

  /** From now on it ends itself when it comes there; it has to have been started with the hook for that. */
  armFailpoint(armed: ArmedFailpoint): void {
    writeFileSync(this.#failpointFile, JSON.stringify(armed))
    this.signal(FAILPOINT_SIGNAL)
  }

  /** Resolves when it has ended, however it did. */
  async untilEnded(): Promise<void> {
    await this.#program?.exited
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
