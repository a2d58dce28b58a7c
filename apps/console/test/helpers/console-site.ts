import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createClient, type StanchionClient } from '@stanchion/client'
import { type ServerProcess, startProgram, startServerProcess } from '@stanchion/testing'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

const KEYS = fileURLToPath(new URL('../../../server/src/keys.ts', import.meta.url))

/** Debian's, unless the environment names another one. */
const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'

/** Whether there is a browser to test in. Where there is none the tests say that they were skipped. */
export const HAS_BROWSER = existsSync(CHROMIUM)

export const DESKTOP = { width: 1_440, height: 900 }
export const PHONE = { width: 390, height: 844 }

export interface VisitOptions {
  /** `<id>.<secret>`; `undefined`: nobody is signed in. Absent: the admin. */
  readonly key?: string | undefined
  readonly viewport?: { readonly width: number; readonly height: number }
  readonly colorScheme?: 'light' | 'dark'
}

/** A page, and what it complained about. */
export interface Visit {
  readonly page: Page
  /** What the console of the browser said that is an error, violations of the security policy among it. */
  readonly complaints: readonly string[]
  /** Forgives complaints that the test provokes, such as a failed request. */
  forgive(pattern: RegExp): void
  close(): Promise<void>
}

/** A server with its console, and a browser. */
export interface ConsoleSite {
  readonly server: ServerProcess
  readonly url: string
  /** With the key of an admin. */
  readonly api: StanchionClient
  readonly adminKey: string | undefined
  /** Makes a key and answers it as it is typed at the sign-in. */
  newKey(role: 'admin' | 'producer' | 'consumer' | 'reader', queuePattern?: string): Promise<string>
  /** Opens a page of the console in a window of its own. @param path below /console */
  visit(path?: string, options?: VisitOptions): Promise<Visit>
  stop(): Promise<void>
}

/** Starts a server and a browser for one test file. @param auth whether the server asks for keys */
export async function startConsoleSite({ auth = 'on' }: { readonly auth?: 'on' | 'off' } = {}): Promise<ConsoleSite> {
  const env: Record<string, string> =
    auth === 'on' ? { STANCHION_AUTH: 'on', STANCHION_MASTER_KEY: randomBytes(32).toString('base64') } : {}
  const [server, browser] = await Promise.all([startServerProcess(env), launch()])
  const adminKey = auth === 'on' ? await firstKey(server, env) : undefined
  const api = createClient({ baseUrl: server.url, accessKey: adminKey })
  return {
    server,
    url: `${server.url}/console`,
    api,
    adminKey,
    async newKey(role, queuePattern = '*') {
      const { id, secret } = await api.accessKeys.create({ role, queuePattern, description: `${role} of a test` })
      return `${id}.${secret}`
    },
    async visit(path = '/', options = {}) {
      const { viewport = DESKTOP, colorScheme = 'light' } = options
      const key = 'key' in options ? options.key : adminKey
      const context = await browser.newContext({
        viewport,
        colorScheme,
        reducedMotion: 'reduce',
        permissions: ['clipboard-read', 'clipboard-write'],
      })
      context.setDefaultTimeout(10_000)
      if (key !== undefined) await context.addInitScript((text) => sessionStorage.setItem('stanchion.key', text), key)
      return openPage(context, `${server.url}/console${path}`)
    },
    async stop() {
      await browser.close()
      await server.stop()
    },
  }
}

async function openPage(context: BrowserContext, url: string): Promise<Visit> {
  const page = await context.newPage()
  const complaints: string[] = []
  const forgiven: RegExp[] = []
  const complain = (text: string) => {
    if (!forgiven.some((pattern) => pattern.test(text))) complaints.push(text)
  }
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complain(message.text())
  })
  page.on('pageerror', (error) => complain(String(error)))
  await page.goto(url)
  return {
    page,
    complaints,
    forgive(pattern) {
      forgiven.push(pattern)
      complaints.splice(0, complaints.length, ...complaints.filter((text) => !pattern.test(text)))
    },
    close: () => context.close(),
  }
}

function launch(): Promise<Browser> {
  // Root may not have a sandbox, and in containers there is often no room in /dev/shm.
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
}

async function firstKey(server: ServerProcess, env: Record<string, string>): Promise<string> {
  const keys = startProgram(process.execPath, [KEYS, 'create', '--role', 'admin'], {
    ...env,
    DATABASE_URL: server.databaseUrl,
  })
  const [, id = '', secret = ''] = await keys.untilOutput(/_KEY_ID=(.+)\nAWS_SECRET_ACCESS_KEY=(.+)\n/)
  return `${id}.${secret}`
}
