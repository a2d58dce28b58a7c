import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Message, Queue } from '../src/index.ts'
import { type Setup, setup } from './helpers/setup.ts'

let t: Setup

beforeAll(async () => {
  t = await setup()
})

afterAll(() => t.server.stop())

/** Sends messages and leases them for long. */
async function lease(queue: Queue, ...bodies: string[]): Promise<Message[]> {
  await queue.sendBatch(bodies.map((body) => ({ body })))
  return queue.receive({ maxMessages: bodies.length, visibilityTimeoutSeconds: 600 })
}

describe('messages', () => {
  it('arrive with everything they were sent with', async () => {
    const queue = await t.createQueue()
    const sent = {
      body: '{"order":17} ✓',
      attributes: { priority: { type: 'number', value: '3' } },
      traceHeader: 'Root=1-5e1b4151-5ac6c58f4b2a1e5d3c0f1a2b',
      groupId: 'customer-4',
    } as const
    const { messageId } = await queue.send(sent)
    const [message] = await queue.receive({ waitSeconds: 5 })
    expect(message).toMatchObject({ ...sent, messageId, receiveCount: 1 })
  })

  it('are sent as a batch, each with its own outcome', async () => {
    const queue = await t.createQueue()
    const results = await queue.sendBatch([{ body: 'good' }, { body: '\u0000' }])
    expect(results[0]).toEqual({ messageId: expect.any(String) })
    expect(results[1]).toMatchObject({ error: { code: 'invalidCharacters' } })
    expect(await queue.counts()).toMatchObject({ visible: 1 })
  })

  it('are deleted by message or by receipt handle', async () => {
    const queue = await t.createQueue()
    const [first, second, third] = await lease(queue, '1', '2', '3')
    await queue.delete(first as Message)
    await queue.delete(first as Message)
    await queue.delete((second as Message).receiptHandle)
    expect(await queue.deleteBatch([third as Message])).toEqual([{}])
    expect(await queue.counts()).toMatchObject({ visible: 0, inFlight: 0 })
  })

  it('are extended and released', async () => {
    const queue = await t.createQueue()
    const [first, second, third, fourth] = await lease(queue, '1', '2', '3', '4')
    await queue.extend(first as Message, 600)
    const changes = [{ lease: second as Message, visibilityTimeoutSeconds: 0 }]
    expect(await queue.extendBatch(changes)).toEqual([{}])
    await queue.release(third as Message)
    expect(await queue.releaseBatch([fourth as Message, 'no handle'])).toMatchObject([
      {},
      { error: { code: 'invalidReceiptHandle' } },
    ])
    expect(await queue.counts()).toMatchObject({ visible: 3, inFlight: 1 })
    await queue.delete(first as Message)
    await expect(queue.extend(first as Message, 600)).rejects.toMatchObject({ code: 'messageNotLeased' })
  })

  it('keep their order in a FIFO queue, and a repeated send is recognised', async () => {
    const queue = await t.createQueue({ kind: 'fifo' })
    const message = { body: '1', groupId: 'a', deduplicationId: 'one' }
    const { messageId } = await queue.send(message)
    expect(await queue.send(message)).toMatchObject({ messageId, isDuplicate: true })
    await queue.send({ body: '2', groupId: 'a', deduplicationId: 'two' })
    const attempt = { maxMessages: 10, attemptId: 'attempt-1' }
    const received = await queue.receive(attempt)
    expect(received.map(({ body }) => body)).toEqual(['1', '2'])
    expect(await queue.receive(attempt)).toEqual(received)
    // A delete whose answer was lost is repeated.
    for (let times = 0; times < 2; times += 1) expect(await queue.deleteBatch(received)).toEqual([{}, {}])
  })
})

describe('a waiting receive', () => {
  it('ends when its signal is aborted, with the reason of that', async () => {
    const queue = await t.createQueue()
    const controller = new AbortController()
    const waiting = queue.receive({ waitSeconds: 20 }, { signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    await queue.send({ body: 'for the next one' })
    expect(await queue.receive({ waitSeconds: 5 })).toMatchObject([{ body: 'for the next one' }])
  })

  it('may wait longer than another call may take', async () => {
    const queue = await t.createQueue()
    const waiting = queue.receive({ waitSeconds: 20 }, { timeoutSeconds: 0.5 })
    const sending = queue.send({ body: 'late', delaySeconds: 1 })
    expect(await waiting).toMatchObject([{ body: 'late' }])
    await sending
  })
})
