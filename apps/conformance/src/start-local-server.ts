import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../server/src/main.ts', import.meta.url))
const START_TIMEOUT_MS = 60_000

export interface LocalServer {
  /** Without a trailing slash. */
  readonly url: string
  stop(): Promise<void>
}

/**
 * Starts the server of this repository the way users do, as a process of its own on a free port.
 * @param databaseUrl absent: on an embedded Postgres, whose data is thrown away at the end
 */
export async function startLocalServer(databaseUrl: string | undefined): Promise<LocalServer> {
  const dataDir = databaseUrl === undefined ? mkdtempSync(join(tmpdir(), 'stanchion-conformance-')) : undefined
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN], {
    // Settings of the machine must not reach it.
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      STANCHION_LOG_LEVEL: 'warn',
      STANCHION_AUTH: 'off',
      ...(databaseUrl === undefined ? { STANCHION_DATA_DIR: dataDir } : { DATABASE_URL: databaseUrl }),
    },
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
    return { url: await listening, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
