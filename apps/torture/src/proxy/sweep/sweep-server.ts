import { fileURLToPath } from 'node:url'
import { startProgram } from '@stanchion/testing'
import { type PostgresProxy, startPostgresProxy } from '../postgres-proxy.ts'
import { RestApi } from './rest-api.ts'

const MAIN = fileURLToPath(new URL('../../../../server/src/main.ts', import.meta.url))

/** What the secrets of access keys are sealed under, which nobody reads here. */
const MASTER_KEY = Buffer.alloc(32, 'sweep').toString('base64')

/** A server as users run it, with a proxy between it and its database. */
export interface ServerBehindProxy {
  readonly proxy: PostgresProxy
  readonly api: RestApi
  /** What the server has logged so far. */
  log(): string
  stop(): Promise<void>
}

/** Starts both. `env` holds settings beside the defaults. */
export async function startServerBehindProxy(
  databaseUrl: string,
  env: Record<string, string> = {},
): Promise<ServerBehindProxy> {
  const proxy = await startPostgresProxy(databaseUrl)
  const program = startProgram(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN], {
    STANCHION_LOG_LEVEL: 'error',
    STANCHION_MASTER_KEY: MASTER_KEY,
    ...env,
    DATABASE_URL: proxy.databaseUrl,
    PORT: '0',
  })
  const stop = async () => {
    await program.kill()
    await proxy.close()
  }
  try {
    const [, url = ''] = await program.untilOutput(/listens on (\S+)/)
    return { proxy, api: new RestApi(url), log: program.output, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
