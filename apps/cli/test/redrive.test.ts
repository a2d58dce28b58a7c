import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type ServerProcess, startServerProcess } from '@stanchion/testing'
import { cli } from './helpers/cli.ts'

let server: ServerProcess
beforeAll(async () => {
  server = await startServerProcess()
})
afterAll(() => server?.stop())

const run = (...args: string[]) => cli(args, { url: server.url })

/** A queue with dead letters, which one receive more than they may have makes of its messages. */
async function deadLetters(count: number): Promise<{ queue: string; dead: string }> {
  const queue = `q-${crypto.randomUUID()}`
  const dead = `${queue}-dead`
  await run('queue', 'create', dead)
  await run('queue', 'create', queue, '--dead-letter-queue', dead, '--receive-count-max', '1')
  const input = Array.from({ length: count }, (_, index) => `${index}`).join('\n')
  await cli(['message', 'send', queue, '--lines'], { url: server.url, input })
  await run('message', 'receive', queue, '--all', '--visibility-timeout-seconds', '0')
  await run('message', 'receive', queue, '--all')
  return { queue, dead }
}

const counts = (queue: string) => server.get(`/v1/queues/${queue}/counts`)

describe('redrive', () => {
  test('start --watch moves the dead letters back and says how it ended', async () => {
    const { queue, dead } = await deadLetters(3)
    expect(await counts(dead)).toMatchObject({ visible: 3 })
    expect((await run('redrive', 'start', dead, '--dry-run')).out).toMatch(/^Would move 3 messages/)
    expect(await counts(dead)).toMatchObject({ visible: 3 })
    const { code, out } = await run('redrive', 'start', dead, '--watch')
    expect(code).toBe(0)
    expect(out).toMatch(/^Status +completed$/m)
    expect(out).toMatch(/^Moved +3$/m)
    expect(await counts(queue)).toMatchObject({ visible: 3 })
  })

  test('start --to and --per-second are what the task gets; list shows it, cancel stops it', async () => {
    const { dead } = await deadLetters(3)
    const other = `${dead}-other`
    await run('queue', 'create', other)
    const started = await run('redrive', 'start', dead, '--to', other, '--per-second', '1', '-o', 'json')
    const task = JSON.parse(started.out)
    expect(task).toMatchObject({ destination: other, messagesPerSecondMax: 1 })
    expect(JSON.parse((await run('redrive', 'list', dead, '-o', 'json')).out)).toMatchObject([{ id: task.id }])
    expect((await run('redrive', 'cancel', dead, task.id)).out).toMatch(/^Status +cancelled$/m)
  })

  test('a watched task that fails says why and what to do', async () => {
    const { dead } = await deadLetters(3)
    const other = `${dead}-other`
    await run('queue', 'create', other)
    const watching = run('redrive', 'start', dead, '--to', other, '--per-second', '1', '--watch')
    while (((await counts(dead)) as { visible: number }).visible === 3);
    await run('queue', 'delete', other, '--yes')
    const { code, err } = await watching
    expect(code).toBe(1)
    expect(err).toMatch(/The task failed after [12] of 3 messages\.\n.*--to/)
  })

  test('a queue that is no dead-letter queue is refused with a way on', async () => {
    await run('queue', 'create', 'plain')
    const { code, err } = await run('redrive', 'start', 'plain')
    expect(code).toBe(1)
    expect(err).toContain('Name the dead-letter queue')
    expect((await run('redrive', 'list', 'plain')).out).toBe('plain has had no move task.\n')
  })
})
