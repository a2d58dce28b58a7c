import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const MAIN = fileURLToPath(new URL('../../server/src/main.ts', import.meta.url))
const KEYS = fileURLToPath(new URL('../../server/src/keys.ts', import.meta.url))
const NODE_OPTIONS = ['--disable-warning=ExperimentalWarning']
const START_TIMEOUT_MS = 60_000

/** How the server takes what SQS refuses for reasons of its own. */
export type Compat = 'relaxed' | 'strict'

export interface LocalServer {
  /** Without a trailing slash. */
  readonly url: string
  /** Of a key that may do everything. */
  readonly accessKeyId: string
  readonly secretAccessKey: string
  stop(): Promise<void>
}

/**
 * Starts the server of this repository the way users do, as a process of its own on a free port, and makes an access key.
 * @param databaseUrl absent: on an embedded Postgres, whose data is thrown away at the end
 * @param compat whether it keeps to the letter of SQS
 */
export async function startLocalServer(
  databaseUrl: string | undefined,
  compat: Compat = 'relaxed',
): Promise<LocalServer> {
  const dataDir = databaseUrl === undefined ? mkdtempSync(join(tmpdir(), 'stanchion-conformance-')) : undefined
  // Settings of the machine must not reach it.
  const env = {
    PATH: process.env.PATH,
    PORT: '0',
    STANCHION_LOG_LEVEL: 'warn',
    STANCHION_AUTH: 'on',
    STANCHION_COMPAT: compat,
    STANCHION_MASTER_KEY: randomBytes(32).toString('base64'),
    ...(databaseUrl === undefined ? { STANCHION_DATA_DIR: dataDir } : { DATABASE_URL: databaseUrl }),
  }
  const child = spawn(process.execPath, [...NODE_OPTIONS, MAIN], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = once(child, 'exit')
  const stop = async () => {
    child.kill('SIGTERM')
    await gone
    if (dataDir !== undefined) rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })
  }

  let output = ''
  const listening = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      output += chunk
      const url = /listens on (\S+)/.exec(output)?.[1]
      if (url !== undefined) resolve(url)
    })
    child.on('exit', (code) => reject(new Error(`The server ended with exit code ${code} before it listened.`)))
    setTimeout(() => reject(new Error('The server did not listen in time.')), START_TIMEOUT_MS).unref()
  })
  try {
    const url = await listening
    return { url, ...(await createAccessKey(env)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function createAccessKey(env: NodeJS.ProcessEnv) {
  const args = [...NODE_OPTIONS, KEYS, 'create', '--role', 'admin']
  const { stdout } = await promisify(execFile)(process.execPath, args, { env })
  const [, accessKeyId, secretAccessKey] = /^AWS_ACCESS_KEY_ID=(.+)\nAWS_SECRET_ACCESS_KEY=(.+)\n$/.exec(stdout) ?? []
  if (accessKeyId === undefined || secretAccessKey === undefined) throw new Error(`No access key in: ${stdout}`)
  return { accessKeyId, secretAccessKey }
}
