import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

let dataDir = ''

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'stanchion-server-'))
})

const children: ChildProcess[] = []

afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(dataDir, { recursive: true, force: true })
})

/** Starts the server without a database of its caller's, and waits until it listens. */
async function start() {
  const env = { PATH: process.env.PATH, PORT: '0', STANCHION_DATA_DIR: dataDir }
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  const exited = once(child, 'close').then(([code]) => code as number | null)
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  while (!output.includes('listens on')) {
    await Promise.race([once(child.stdout, 'data'), exited])
    if (child.exitCode !== null) throw new Error(errors)
  }
  return { child, exited, url: /listens on (\S+)/.exec(output)?.[1] ?? '' }
}

async function post(url: string, body: object): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

describe('the embedded Postgres', () => {
  it('G1 keeps an acknowledged message through kill -9 of the server, and stops with it', async () => {
    const first = await start()
    expect((await post(`${first.url}/v1/queues`, { name: 'kept' })).status).toBe(201)
    expect((await post(`${first.url}/v1/queues/kept/messages`, { body: 'still here' })).status).toBe(201)
    first.child.kill('SIGKILL')
    await first.exited

    const second = await start()
    const { body } = await post(`${second.url}/v1/queues/kept/receive`, { waitSeconds: 5 })
    expect(body).toMatchObject({ messages: [{ body: 'still here' }] })
    second.child.kill('SIGTERM')
    expect(await second.exited).toBe(0)
  }, 30_000)
})
