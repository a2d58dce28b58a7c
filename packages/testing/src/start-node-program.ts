import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { killProcess } from './kill-process.ts'

/** A server of ours in a process of its own. */
export interface NodeProgram {
  readonly pid: number
  readonly port: number
  /** Its exit code; `null` when a signal ended it. */
  readonly exited: Promise<number | null>
  signal(name: NodeJS.Signals): void
  /** Ends it as `kill -9` does, and waits until it has gone. */
  kill(): Promise<void>
  /** Ends it in order (SIGTERM), by force when that takes too long, and waits until it has gone. */
  stop(): Promise<void>
}

/** How a program is started. */
export interface NodeProgramOptions {
  /** It sees these and the search path, so that settings of the machine do not reach it. `PORT` is any free one unless it is here. */
  readonly env?: Readonly<Record<string, string>>
  /** For Node itself, before the file. */
  readonly nodeArgs?: readonly string[]
  /** Where its errors are appended, in which its log is. Default: those of this process. */
  readonly logFile?: string
}

/** Ends the program when this process has gone without a word. */
const FOLLOW_PARENT = new URL('../../../scripts/follow-parent.mjs', import.meta.url).href

/** How long a server may take for its orderly end. */
const STOP_SECONDS_MAX = 35

/**
 * Starts a Node program and waits until it says where it listens (`listens on http://host:port`).
 * @throws Error when it ends before
 */
export async function startNodeProgram(file: string | URL, options: NodeProgramOptions = {}): Promise<NodeProgram> {
  const { env, nodeArgs = [], logFile } = options
  const path = file instanceof URL ? fileURLToPath(file) : file
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--import', FOLLOW_PARENT, ...nodeArgs, path],
    {
      env: { PATH: process.env.PATH, PORT: '0', ...env },
      stdio: ['ignore', 'pipe', logFile === undefined ? 'inherit' : 'pipe', 'ipc'],
    },
  )
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  if (logFile !== undefined) child.stderr?.pipe(createWriteStream(logFile, { flags: 'a' }))
  const port = await new Promise<number>((resolve, reject) => {
    let output = ''
    child.once('exit', () => reject(new Error(`a program ended at its start: ${path}\n${output}`)))
    child.stdout?.on('data', (chunk) => {
      output += chunk
      const found = /listens on http:\/\/[^:]+:(\d+)/.exec(output)?.[1]
      if (found !== undefined) resolve(Number(found))
    })
  })
  return {
    pid: child.pid as number,
    port,
    exited,
    signal: (name) => child.kill(name),
    kill: () => killProcess(child),
    async stop() {
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_SECONDS_MAX * 1000)
      child.kill('SIGTERM')
      await exited
      clearTimeout(timer)
    },
  }
}
