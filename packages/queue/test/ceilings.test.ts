import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Ceilings, Engine } from '../src/index.ts'
import { type Bundle, newKey, setup } from './helpers/setup.ts'

const ceilings: Ceilings = { recreateAfterSeconds: 60, purgeEverySeconds: 60, inFlightMax: 3 }

let bundle: Bundle
let strict: Engine
/** A second strict node, which knows of the first what is in the database. */
let other: Engine

beforeAll(async () => {
  bundle = await setup()
  strict = await bundle.node({ ceilings })
  other = await bundle.node({ ceilings })
})
afterAll(() => bundle.close())

const SHORT = { maxMessages: 10, waitSeconds: 0 }

async function filled(count: number, fifo = false) {
  const key = fifo ? { ...newKey(), name: `${newKey().name}.fifo` } : newKey()
  await strict.createQueue({ ...key, ...(fifo ? { fifo: { contentBasedDeduplication: true } } : {}) })
  const messages = Array.from({ length: count }, (_, i) => ({ body: `${i}`, ...(fifo ? { groupId: `${i}` } : {}) }))
  await strict.sendMessages(key, messages)
  return key
}

describe('a name whose queue was deleted', () => {
  it('rests for 60 seconds of the clock of the database, on every node', async () => {
    const key = newKey()
    await strict.createQueue(key)
    await strict.deleteQueue(key)
    for (const node of [strict, other]) {
      await expect(node.createQueue(key)).rejects.toMatchObject({
        code: 'queueDeletedRecently',
        details: { limitSeconds: 60 },
      })
    }
    await expect(strict.getQueue(key)).rejects.toMatchObject({ code: 'queueNotFound' })
    await strict.createQueue(newKey())
    await bundle.moveClock(59)
    await expect(other.createQueue(key)).rejects.toMatchObject({ code: 'queueDeletedRecently' })
    await bundle.moveClock(61)
    expect((await other.createQueue(key)).created).toBe(true)
    expect((await strict.createQueue(key)).created).toBe(false)
    await bundle.moveClock(0)
  })

  it('is free at once without ceilings, also where a strict node deleted it', async () => {
    const key = newKey()
    for (const node of [strict, bundle.engine]) {
      await bundle.engine.createQueue(key)
      await node.deleteQueue(key)
    }
    await bundle.engine.createQueue(key)
    expect((await strict.createQueue(key)).created).toBe(false)
  })
})

describe('a purge', () => {
  it('is not repeated within 60 seconds of the clock of the database, on any node, and removes nothing then', async () => {
    const key = await filled(1)
    await strict.purgeQueue(key)
    await strict.sendMessages(key, [{ body: 'later' }])
    for (const node of [strict, other]) {
      await expect(node.purgeQueue(key)).rejects.toMatchObject({ code: 'queuePurgedRecently' })
    }
    expect(await strict.countMessages(key)).toMatchObject({ visible: 1 })
    await bundle.moveClock(61)
    await other.purgeQueue(key)
    expect(await strict.countMessages(key)).toMatchObject({ visible: 0 })
    await bundle.moveClock(0)
    await bundle.engine.purgeQueue(key)
    await bundle.engine.purgeQueue(key)
  })
})

describe('a queue with as many messages in flight as there may be', () => {
  it('gives no more than that, then refuses receives that do not wait', async () => {
    const key = await filled(5)
    const messages = await strict.receiveMessages(key, SHORT)
    expect(messages).toHaveLength(3)
    await expect(strict.receiveMessages(key, SHORT)).rejects.toMatchObject({ code: 'tooManyInFlight' })
    await expect(other.receiveMessages(key, SHORT)).rejects.toMatchObject({ code: 'tooManyInFlight' })
    await strict.deleteMessages(key, [messages[0]?.receiptHandle ?? ''])
    expect(await strict.receiveMessages(key, SHORT)).toHaveLength(1)
    expect(await bundle.engine.receiveMessages(key, SHORT)).toHaveLength(1)
  })

  it('answers nothing to a receive that waits, unless there is room in its time', async () => {
    const key = await filled(4)
    const [message] = await strict.receiveMessages(key, SHORT)
    expect(await strict.receiveMessages(key, { maxMessages: 1, waitSeconds: 1 })).toEqual([])
    const waiting = strict.receiveMessages(key, { maxMessages: 1, waitSeconds: 20 })
    await strict.deleteMessages(key, [message?.receiptHandle ?? ''])
    expect(await waiting).toHaveLength(1)
  })

  it('of FIFO answers nothing and is no error', async () => {
    const key = await filled(5, true)
    const messages = await strict.receiveMessages(key, SHORT)
    expect(messages).toHaveLength(3)
    expect(await strict.receiveMessages(key, SHORT)).toEqual([])
    await strict.deleteMessages(key, [messages[0]?.receiptHandle ?? ''])
    expect(await strict.receiveMessages(key, SHORT)).toHaveLength(1)
  })
})
