import type { Client } from './client.ts'
import { whatIsMissing } from './detect.ts'
import { type InstallTime, install } from './install.ts'
import { judge } from './judge.ts'
import { placesOf } from './places.ts'
import { readSteps } from './read-steps.ts'
import { runCommand } from './run-command.ts'

const TIME_LIMIT_MS = 5 * 60_000

export type ClientResult =
  | {
      readonly outcome: 'passed'
      readonly client: Client
      readonly using: string | undefined
      readonly stepCount: number
      readonly seconds: number
    }
  | {
      readonly outcome: 'failed'
      readonly client: Client
      readonly using: string | undefined
      readonly problems: readonly string[]
      readonly output: string
    }
  | { readonly outcome: 'skipped'; readonly client: Client; readonly why: string }

/** Installs a client where that is possible, and runs its program, which learns from `env` where it is. */
export async function runClient(client: Client, env: NodeJS.ProcessEnv, time: InstallTime): Promise<ClientResult> {
  const missing = await whatIsMissing(client.toolchain)
  if (missing !== undefined) return { outcome: 'skipped', client, why: missing }
  const installation = await install(client, time)
  if (installation.outcome === 'unreachable') return { outcome: 'skipped', client, why: installation.why }
  if (installation.outcome === 'failed') {
    const problems = ['its packages could not be installed']
    return { outcome: 'failed', client, using: undefined, problems, output: installation.output }
  }

  const places = placesOf(client)
  const start = client.toolchain.start(client, places)
  const startedAt = performance.now()
  const result = await runCommand(
    { ...start, env: { ...env, ...start.env } },
    { cwd: places.source, timeLimitMs: client.timeLimitMs ?? TIME_LIMIT_MS },
  )
  const seconds = (performance.now() - startedAt) / 1_000
  const { using, steps } = readSteps(result.output)
  const problems = judge(result, client.steps)
  if (problems.length > 0) return { outcome: 'failed', client, using, problems, output: result.output }
  return { outcome: 'passed', client, using, stepCount: steps.length, seconds }
}
