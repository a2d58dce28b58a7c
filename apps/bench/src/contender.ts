import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { AccessKeys, type MasterKey, parseMasterKey } from '@stanchion/identity'
import type { Credentials } from './sign-request.ts'

/** A server under test, in a process of its own. */
export interface Contender {
  readonly name: string
  readonly port: number
  readonly pid: number
  /** What its callers sign with; absent where nobody asks. */
  readonly credentials: Credentials | undefined
  stop(): Promise<void>
}

const PROGRAMS = {
  stanchion: fileURLToPath(new URL('../../server/src/main.ts', import.meta.url)),
  'stanchion, signatures ignored': fileURLToPath(new URL('../../server/src/main.ts', import.meta.url)),
  'stanchion, signatures checked': fileURLToPath(new URL('../../server/src/main.ts', import.meta.url)),
  'no-op': fileURLToPath(new URL('./contenders/no-op.ts', import.meta.url)),
  'statement per request': fileURLToPath(new URL('./contenders/statement-per-request.ts', import.meta.url)),
}

/** For a server that looks at no signature, so that its clients have the same work as those of one that does. */
const CREDENTIALS: { readonly [name in ContenderName]?: Credentials } = {
  'stanchion, signatures ignored': { accessKeyId: 'SKIGNORED', secret: 'ignored' },
}

export type ContenderName = keyof typeof PROGRAMS

/** Starts a contender and waits until it says where it listens. */
export async function startContender(name: ContenderName, databaseUrl: string): Promise<Contender> {
  const masterKey = randomBytes(32).toString('hex')
  const isChecked = name === 'stanchion, signatures checked'
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', PROGRAMS[name]], {
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      DATABASE_URL: databaseUrl,
      STANCHION_LOG_LEVEL: 'warn',
      ...(isChecked ? { STANCHION_AUTH: 'on', STANCHION_MASTER_KEY: masterKey } : {}),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = await readPort(child)
  return {
    name,
    port,
    pid: child.pid as number,
    credentials: isChecked ? await createCredentials(databaseUrl, masterKey) : CREDENTIALS[name],
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve())
        child.kill('SIGTERM')
      }),
  }
}

async function createCredentials(databaseUrl: string, masterKey: string): Promise<Credentials> {
  const keys = new AccessKeys({ databaseUrl, masterKey: parseMasterKey(masterKey) as MasterKey })
  const { key, secret } = await keys.create({ accountId: '000000000000', role: 'admin' })
  await keys.close()
  return { accessKeyId: key.id, secret }
}

function readPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = ''
    child.once('exit', () => reject(new Error('a contender ended at its start')))
    child.stdout?.on('data', (chunk) => {
      output += chunk
      const port = /listens on http:\/\/[^:]+:(\d+)/.exec(output)?.[1]
      if (port !== undefined) resolve(Number(port))
    })
  })
}
