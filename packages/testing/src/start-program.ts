import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { killProcess } from './kill-process.ts'

/** A program that runs beside the test. */
export interface Program {
  /** What it has printed so far. */
  output(): string
  errors(): string
  /** Waits until it has printed this, and fails when it ends before. */
  untilOutput(pattern: RegExp): Promise<RegExpExecArray>
  /** Waits until it prints more, or ends. */
  untilMoreOutput(): Promise<void>
  signal(name: NodeJS.Signals): void
  /** Its exit code; `null` when a signal ended it. */
  readonly exited: Promise<number | null>
  kill(): Promise<void>
}

/** Starts a program. It sees `env` and the search path, so that settings of the machine do not reach it. */
export function startProgram(command: string, args: readonly string[], env: Record<string, string> = {}): Program {
  const child = spawn(command, args, { env: { PATH: process.env.PATH, ...env } })
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const exited = once(child, 'close').then(([code]) => code as number | null)

  async function untilMoreOutput(): Promise<void> {
    await Promise.race([once(child.stdout, 'data'), exited])
  }

  async function untilOutput(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(output)
      if (match !== null) return match
      if (child.stdout.readableEnded) throw new Error(`It ended without printing ${pattern}:\n${output}${errors}`)
      await untilMoreOutput()
    }
  }

  return {
    output: () => output,
    errors: () => errors,
    untilOutput,
    untilMoreOutput,
    signal: (name) => child.kill(name),
    exited,
    kill: () => killProcess(child),
  }
}
