import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Engine } from '../src/index.ts'
import { type Bundle, newKey, SQS_CEILINGS, setup } from './helpers/setup.ts'

const ceilings = { ...SQS_CEILINGS, inFlightMax: 3 }

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

describe('times', () => {
  const DAY = 86_400
  const YEAR = 365 * DAY

  it('of queues end where SQS ends them', async () => {
    const settings = { visibilityTimeoutSeconds: 43_201, delaySeconds: 901, retentionSeconds: 1_209_601 }
    const key = newKey()
    await strict.createQueue(key)
    for (const [name, value] of Object.entries(settings)) {
      const text = `${name} is a whole number from ${name === 'retentionSeconds' ? 60 : 0} to ${value - 1}.`
      const error = { code: 'invalidArgument', message: text, details: { field: name } }
      await expect(strict.createQueue({ ...newKey(), settings: { [name]: value } })).rejects.toMatchObject(error)
      await expect(strict.updateQueue(key, { settings: { [name]: value } })).rejects.toMatchObject(error)
    }
    expect((await strict.getQueue(key)).settings).toMatchObject({ delaySeconds: 0, visibilityTimeoutSeconds: 30 })
  })

  it('of messages and deliveries end there, too', async () => {
    const key = await filled(1)
    expect(await strict.sendMessages(key, [{ body: 'late', delaySeconds: 901 }])).toMatchObject([
      { ok: false, error: { code: 'invalidArgument', details: { field: 'delaySeconds' } } },
    ])
    const tooLong = { ...SHORT, visibilityTimeoutSeconds: 43_201 }
    await expect(strict.receiveMessages(key, tooLong)).rejects.toMatchObject({ code: 'invalidArgument' })
    const [message] = await strict.receiveMessages(key, SHORT)
    const { receiptHandle = '' } = message ?? {}
    // A second of the delivery has passed by the clock of the database.
    await bundle.moveClock(1)
    expect(await strict.changeVisibility(key, [{ receiptHandle, visibilityTimeoutSeconds: 43_200 }])).toMatchObject([
      { code: 'visibilityTimeoutTooLong', details: { limitSeconds: 43_200 } },
    ])
    await bundle.moveClock(0)
  })

  it.each([
    ['a standard queue', false],
    ['a FIFO queue', true],
  ])('reach to a year without ceilings, in %s', async (_kind, isFifo) => {
    const { engine, moveClock } = bundle
    const key = isFifo ? { ...newKey(), name: `${newKey().name}.fifo` } : newKey()
    await engine.createQueue({
      ...key,
      ...(isFifo ? { fifo: { contentBasedDeduplication: true } } : {}),
      settings: { retentionSeconds: YEAR, delaySeconds: 30 * DAY, visibilityTimeoutSeconds: 2 * DAY },
    })
    expect(await engine.sendMessages(key, [{ body: 'later', ...(isFifo ? { groupId: 'g' } : {}) }])).toMatchObject([
      { ok: true },
    ])
    await moveClock(30 * DAY - 60)
    expect(await engine.receiveMessages(key, SHORT)).toEqual([])
    await moveClock(30 * DAY + 1)
    const [first] = await engine.receiveMessages(key, SHORT)
    expect(first).toMatchObject({ body: 'later', receiveCount: 1 })
    const { receiptHandle = '' } = first ?? {}
    expect(await engine.changeVisibility(key, [{ receiptHandle, visibilityTimeoutSeconds: 20 * DAY }])).toEqual([null])
    await moveClock(49 * DAY)
    expect(await engine.receiveMessages(key, SHORT)).toEqual([])
    await moveClock(51 * DAY)
    expect(await engine.receiveMessages(key, SHORT)).toMatchObject([{ body: 'later', receiveCount: 2 }])
    await moveClock(0)
  })

  it('a delay that outlives the retention is refused, since nobody could ever receive the message', async () => {
    const key = newKey()
    await bundle.engine.createQueue({ ...key, settings: { retentionSeconds: DAY } })
    expect(
      await bundle.engine.sendMessages(key, [
        { body: 'never', delaySeconds: DAY },
        { body: 'just', delaySeconds: DAY - 1 },
      ]),
    ).toMatchObject([
      { ok: false, error: { code: 'invalidArgument', details: { field: 'delaySeconds' } } },
      { ok: true },
    ])
    expect(await bundle.engine.countMessages(key)).toMatchObject({ delayed: 1 })
  })

  it('further than a year are refused everywhere', async () => {
    const key = newKey()
    await bundle.engine.createQueue(key)
    for (const name of ['visibilityTimeoutSeconds', 'delaySeconds', 'retentionSeconds']) {
      await expect(bundle.engine.updateQueue(key, { settings: { [name]: YEAR + 1 } })).rejects.toMatchObject({
        code: 'invalidArgument',
        details: { field: name },
      })
    }
  })
})
