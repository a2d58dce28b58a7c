import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type ServerProcess, startServerProcess } from '@stanchion/testing'
import { cli } from './helpers/cli.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

let server: ServerProcess
beforeAll(async () => {
  server = await startServerProcess()
  for (const name of ['orders', 'orders-dead', 'payments.fifo']) {
    await cli(['queue', 'create', name], { url: server.url })
  }
})
afterAll(() => server?.stop())

/** Runs a line of bash in which `stanchion` is the program, as it is for users. */
async function bash(script: string): Promise<{ code: number; out: string; err: string }> {
  const child = spawn('bash', ['-c', `stanchion() { "${process.execPath}" "${MAIN}" "$@"; }\n${script}`], {
    env: { PATH: process.env.PATH, STANCHION_URL: server.url, NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  const [code] = await once(child, 'close')
  return { code, out, err }
}

describe('the program', () => {
  test('is piped into itself, and ends when its reader has seen enough', async () => {
    const { out, err, code } = await bash(
      `set -o pipefail
       seq 3000 | stanchion message send orders --lines &&
       stanchion message receive orders --all | stanchion message send orders-dead --ndjson &&
       stanchion queue list -o ndjson | head -n 1`,
    )
    expect({ code, err }).toEqual({ code: 0, err: '3,000 messages received.\n' })
    expect(out).toMatch(/^3,000 messages sent\.\n3,000 messages sent\.\n\{"name":"orders",.*\}\n$/)
  })

  test('exits with the code of its outcome', async () => {
    expect((await bash('stanchion queue get nope')).code).toBe(1)
    expect((await bash('stanchion queue nope')).code).toBe(2)
  })
})

describe('completion', () => {
  const words = async (...line: string[]) => {
    const { out } = await bash(`stanchion complete -- ${line.map((word) => `'${word}'`).join(' ')}`)
    return out.split('\n').flatMap((row) => (row === '' || row.startsWith(':') ? [] : [row.split('\t')[0]]))
  }

  test('offers commands, options, choices and the names of queues', async () => {
    expect(await words('queue', '')).toEqual(expect.arrayContaining(['list', 'create', 'purge']))
    expect(await words('queue', 'create', 'x', '--dedup')).toEqual(['--deduplication-scope'])
    expect(await words('key', 'create', '--role', '')).toEqual(expect.arrayContaining(['admin', 'reader']))
    expect(await words('queue', 'get', 'ord')).toEqual(['orders', 'orders-dead'])
    expect(await words('redrive', 'start', 'orders-dead', '--to', 'pay')).toEqual(['payments.fifo'])
  })

  test('offers nothing, without a word of error, when the server does not answer', async () => {
    expect(await bash("STANCHION_URL=http://127.0.0.1:47 stanchion complete -- queue get ''")).toMatchObject({
      code: 0,
      err: '',
    })
  })

  test.each(['bash', 'zsh', 'fish'])('the script for %s asks the program', async (shell) => {
    expect((await bash(`stanchion completion ${shell}`)).out).toContain('stanchion complete --')
  })
})
