import { spawn } from 'node:child_process'
import type { Command } from './toolchain.ts'

export interface CommandResult {
  /** `undefined` when it could not be started or was ended by a signal. */
  readonly exitCode: number | undefined
  /** What it printed to both streams, in the order of arrival. */
  readonly output: string
  readonly timedOut: boolean
}

/** Of the caller's environment, what would change what a client does; the rest is how the machine is reached and set up. */
const NOT_INHERITED = /^(AWS_|SPRING_|CELERY_|PYTHON|VIRTUAL_ENV$|CLASSPATH$|NODE_OPTIONS$|GOFLAGS$)/

const running = new Set<number>()

/** Runs a command, and ends it with everything that it started once its time is over. */
export async function runCommand(
  { command, args, env, cwd: own }: Command,
  { cwd, timeLimitMs }: { cwd: string; timeLimitMs: number },
): Promise<CommandResult> {
  const inherited = Object.entries(process.env).filter(([name]) => !NOT_INHERITED.test(name))
  // A process group of its own, so that its children can be ended with it.
  const child = spawn(command, args, {
    cwd: own ?? cwd,
    detached: true,
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const group = child.pid
  if (group !== undefined) running.add(group)

  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    endGroup(group)
  }, timeLimitMs)

  try {
    const exitCode = await new Promise<number | undefined>((resolve) => {
      child.on('error', (error) => {
        output += `${error.message}\n`
        resolve(undefined)
      })
      // What a child of the child left running holds the streams open, so the end of the program ends it too.
      child.on('exit', () => endGroup(group))
      child.on('close', (code) => resolve(code ?? undefined))
    })
    return { exitCode, output, timedOut }
  } finally {
    clearTimeout(timer)
    if (group !== undefined) running.delete(group)
  }
}

/** Ends all commands that run, for a process that was told to stop. */
export function endRunningCommands(): void {
  for (const group of running) endGroup(group)
}

function endGroup(group: number | undefined): void {
  if (group === undefined) return
  try {
    process.kill(-group, 'SIGKILL')
  } catch {
    // All of it has ended already.
  }
}
