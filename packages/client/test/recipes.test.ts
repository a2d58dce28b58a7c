import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { type Program, startProgram } from '@stanchion/testing'
import { type Setup, setup } from './helpers/setup.ts'

const PACKAGE = fileURLToPath(new URL('..', import.meta.url))
const TSC = join(PACKAGE, 'node_modules', 'typescript', 'bin', 'tsc')
const NOTHING_LEFT = { visible: 0, inFlight: 0, delayed: 0, oldestMessageAgeSeconds: null }

// Each test starts processes, which takes its time on a machine that is busy with other tests.
jest.setTimeout(60_000)

let t: Setup
/** Inside of the package, so that its name leads to it. */
let directory: string
const programs: Program[] = []

beforeAll(async () => {
  t = await setup()
  await mkdir(join(PACKAGE, '.cache'), { recursive: true })
  directory = await mkdtemp(join(PACKAGE, '.cache', 'recipes-'))
  const readme = await readFile(join(PACKAGE, 'README.md'), 'utf8')
  for (const [, title = '', code = ''] of readme.matchAll(/^### (.+)\n\n```ts\n([\s\S]*?)^```$/gm)) {
    await writeFile(join(directory, fileOf(title)), code)
  }
})

afterEach(async () => {
  for (const program of programs.splice(0)) await program.kill()
})

afterAll(async () => {
  await t.server.stop()
  await rm(directory, { recursive: true, force: true })
})

const fileOf = (title: string) => `${title.toLowerCase().replaceAll(' ', '-')}.ts`

function start(title: string): Program {
  const args = ['--disable-warning=ExperimentalWarning', join(directory, fileOf(title))]
  const program = startProgram(process.execPath, args, { STANCHION_URL: t.server.url })
  programs.push(program)
  return program
}

/** Stops a worker as a process manager does. */
async function stop(worker: Program): Promise<void> {
  worker.signal('SIGTERM')
  expect(await worker.exited).toBe(0)
  expect(worker.errors()).toBe('')
}

describe('the recipes of the README', () => {
  it('send an order, and ship it', async () => {
    const sender = start('Send')
    expect(await sender.exited).toBe(0)
    expect(sender.output()).toMatch(/^sent [0-9a-f-]{36}\n$/)
    const worker = start('Worker')
    await worker.untilOutput(/shipped 17/)
    await stop(worker)
    expect(await t.client.queue('orders').counts()).toEqual(NOTHING_LEFT)
  })

  it('keep the order of a group', async () => {
    const worker = start('FIFO worker')
    await worker.untilOutput(/customer-4 reserve\ncustomer-4 capture\n/)
    await stop(worker)
    expect(await t.client.queue('payments.fifo').counts()).toEqual(NOTHING_LEFT)
  })

  it('send many messages in batches', async () => {
    const producer = start('Batch producer with backpressure')
    expect(await producer.exited).toBe(0)
    expect(await t.client.queue('events').counts()).toMatchObject({ visible: 2_500 })
  })

  it('do the same work once', async () => {
    const worker = start('Idempotent handler')
    await worker.untilOutput(/paid.*paid/s)
    await stop(worker)
    expect(worker.output().trim().split('\n').sort()).toEqual(['paid invoice 1', 'paid invoice 2'])
  })

  it('have the right types', async () => {
    const files = ['Send', 'Worker', 'FIFO worker', 'Batch producer with backpressure', 'Idempotent handler'].map(
      fileOf,
    )
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--types', 'node']
    const run = promisify(execFile)(
      process.execPath,
      [TSC, ...options, '--skipLibCheck', '--allowImportingTsExtensions', ...files],
      { cwd: directory },
    )
    await run.catch((error) => {
      throw new Error(error.stdout)
    })
  })
})
