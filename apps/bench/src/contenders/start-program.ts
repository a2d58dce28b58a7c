import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { MissingRival } from './rivals.ts'
import { untilListens } from './until-listens.ts'

/** A server in a process of its own. */
export interface Program {
  readonly pid: number
  readonly port: number
  stop(): Promise<void>
}

/** Ends the program when this process has gone without a word. */
const FOLLOW_PARENT = new URL('../../../../scripts/follow-parent.mjs', import.meta.url).href

/** How long a server may take for its orderly end. */
const STOP_SECONDS_MAX = 20

/** Starts a Node program and waits until it says where it listens (`listens on http://host:port`). */
export async function startNodeProgram(file: string | URL, env: Readonly<Record<string, string>>): Promise<Program> {
  const path = file instanceof URL ? fileURLToPath(file) : file
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--import', FOLLOW_PARENT, ...PROFILING, path],
    { env: { PATH: process.env.PATH, PORT: '0', ...env }, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
  )
  const port = await new Promise<number>((resolve, reject) => {
    let output = ''
    child.once('exit', () => reject(new Error(`a contender ended at its start: ${path}\n${output}`)))
    child.stdout?.on('data', (chunk) => {
      output += chunk
      const found = /listens on http:\/\/[^:]+:(\d+)/.exec(output)?.[1]
      if (found !== undefined) resolve(Number(found))
    })
  })
  return {
    pid: child.pid as number,
    port,
    stop: () =>
      new Promise((resolve) => {
        const timer = setTimeout(() => child.kill('SIGKILL'), STOP_SECONDS_MAX * 1000)
        child.once('exit', () => {
          clearTimeout(timer)
          resolve()
        })
        child.kill('SIGTERM')
      }),
  }
}

/** A program that is not ours. */
export interface OtherProgram {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Whom it runs as; needs root. */
  readonly uid?: number
  /** Where it will take connections. */
  readonly port: number
}

/**
 * Starts another program and waits until it takes connections.
 * @throws MissingRival when it does not
 */
export async function startOther({ command, args, env, uid, port }: OtherProgram): Promise<Program> {
  const keeper = fork(new URL('../programs/keep.ts', import.meta.url), [command, String(uid ?? ''), ...args], {
    execArgv: ['--disable-warning=ExperimentalWarning', '--import', FOLLOW_PARENT],
    env: { PATH: process.env.PATH, ...env },
    detached: true,
  })
  const exited = once(keeper, 'exit')
  const [{ pid, error }] = (await once(keeper, 'message')) as [{ pid?: number; error?: string }]
  if (pid === undefined) throw new MissingRival(error ?? '')
  const stop = async () => {
    keeper.kill('SIGTERM')
    await exited
  }
  try {
    await untilListens(port, () => keeper.exitCode !== null)
  } catch (problem) {
    await stop()
    throw problem
  }
  return { pid, port, stop }
}

/** `BENCH_PROFILE_DIR` gets a CPU profile of every server. */
const PROFILING =
  process.env.BENCH_PROFILE_DIR === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${process.env.BENCH_PROFILE_DIR}`]
