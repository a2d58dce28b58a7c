import { randomBytes } from 'node:crypto'
import type { Client } from './client.ts'
import { whatIsMissing } from './detect.ts'
import { type InstallTime, install } from './install.ts'
import { judge } from './judge.ts'
import { placesOf } from './places.ts'
import { readSteps } from './read-steps.ts'
import { runCommand } from './run-command.ts'

const TIME_LIMIT_MS = 5 * 60_000

/** An SQS endpoint with a key that may do everything. */
export interface Target {
  readonly endpoint: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

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

/** Installs a client where that is possible, and runs its program against an endpoint. */
export async function runClient(client: Client, target: Target, time: InstallTime): Promise<ClientResult> {
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
    { ...start, env: { ...environment(target), ...start.env } },
    { cwd: places.source, timeLimitMs: TIME_LIMIT_MS },
  )
  const seconds = (performance.now() - startedAt) / 1_000
  const { using, steps } = readSteps(result.output)
  const problems = judge(result, client.steps)
  if (problems.length > 0) return { outcome: 'failed', client, using, problems, output: result.output }
  return { outcome: 'passed', client, using, stepCount: steps.length, seconds }
}

/** The one way in which the programs learn where they are. Files with settings and clouds around must not interfere. */
function environment(target: Target): NodeJS.ProcessEnv {
  return {
    ENDPOINT_URL: target.endpoint,
    // Names of queues begin with it, so that runs do not meet.
    QUEUE_PREFIX: `clients-${randomBytes(4).toString('hex')}-`,
    AWS_ACCESS_KEY_ID: target.accessKeyId,
    AWS_SECRET_ACCESS_KEY: target.secretAccessKey,
    AWS_REGION: target.region,
    AWS_DEFAULT_REGION: target.region,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
}
