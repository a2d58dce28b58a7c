import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { startTestServer, type TestServer } from '../helpers/start-test-server.ts'
import { Load } from './load.ts'
import { filesIn, readText } from './monitoring-files.ts'

let server: TestServer
let sql: pg.Client
beforeAll(async () => {
  server = await startTestServer({ STANCHION_STATISTICS_INTERVAL_MS: '200' })
  sql = new pg.Client({ connectionString: server.databaseUrl })
  await sql.connect()
  const load = await Load.start(server.url, 'orders')
  await load.hasRun()
  await load.stop()
})
afterAll(async () => {
  await sql?.end()
  await server?.stop()
})

const blocks = filesIn('docs/operate/runbooks', '.md').flatMap((path) =>
  [...readText(path).matchAll(/^ *```(\w+)\n([\s\S]*?)^ *```$/gm)].map(
    ([, language, text], i) => [`${path} ${language} ${i + 1}`, language as string, text as string] as const,
  ),
)

describe('the runbooks', () => {
  it('have commands, and of two kinds alone', () => {
    expect(blocks.length).toBeGreaterThan(20)
    expect(new Set(blocks.map(([, language]) => language))).toEqual(new Set(['sh', 'sql']))
  })

  it.each(blocks.filter(([, language]) => language === 'sh'))('%s can be done as it stands', async (_, __, text) => {
    const script = `set -eu -o pipefail
      curl() { command curl --fail-with-body "$@"; echo; }
      ${text.replaceAll('http://127.0.0.1:9324', server.url)}`
    const { stdout } = await promisify(execFile)('bash', ['-c', script])
    expect(stdout.trim()).not.toBe('')
  })

  it.each(blocks.filter(([, language]) => language === 'sql'))('%s can be done as it stands', async (_, __, text) => {
    await sql.query(text)
  })
})
