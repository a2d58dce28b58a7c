import { fork } from 'node:child_process'
import { once } from 'node:events'
import { type NodeProgram, startNodeProgram } from '@stanchion/testing'
import type { Suspendable } from './contender.ts'
import { MissingRival } from './rivals.ts'
import { untilListens } from './until-listens.ts'

const PROFILING =
  process.env.BENCH_PROFILE_DIR === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${process.env.BENCH_PROFILE_DIR}`]

/** A server in a process of its own. */
export interface Program {
  readonly pid: number
  readonly port: number
  stop(): Promise<void>
}

/** Starts a Node program of ours; `BENCH_PROFILE_DIR` gets a CPU profile of each. */
export function startProfiled(file: string | URL, env: Readonly<Record<string, string>>): Promise<NodeProgram> {
  return startNodeProgram(file, { env, nodeArgs: PROFILING })
}

/** Ends the program when this process has gone without a word. */
const FOLLOW_PARENT = new URL('../../../../scripts/follow-parent.mjs', import.meta.url).href

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
export async function startOther({ command, args, env, uid, port }: OtherProgram): Promise<Program & Suspendable> {
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
  return {
    pid,
    port,
    suspend: () => void process.kill(-pid, 'SIGSTOP'),
    resume: () => void process.kill(-pid, 'SIGCONT'),
    stop,
  }
}
