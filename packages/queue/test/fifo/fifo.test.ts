import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Engine, FifoSettings, QueueKey, QueueSettings } from '../../src/index.ts'
import { newFifo as newFifoOf, sendTo } from '../helpers/fifo-queue.ts'
import { type Bundle, bodiesOf, handlesOf, idsOf, setup } from '../helpers/setup.ts'

let bundle: Bundle
let other: Engine
beforeAll(async () => {
  bundle = await setup()
  other = await bundle.node()
})
afterAll(() => bundle.close())

const newFifo = (...settings: [fifo?: Partial<FifoSettings>, settings?: Partial<QueueSettings>]) =>
  newFifoOf(bundle.engine, ...settings)

const send = (key: QueueKey, ...messages: [groupId: string, body: string][]) => sendTo(bundle.engine, key, ...messages)

const receive = (key: QueueKey, maxMessages = 10, visibilityTimeoutSeconds = 30) =>
  other.receiveMessages(key, { maxMessages, visibilityTimeoutSeconds, waitSeconds: 0 })

describe('order', () => {
  it('G12 takes as much of a group as it can, then goes on with the next', async () => {
    const key = await newFifo()
    await send(key, ['g1', 'g1-m1'], ['g2', 'g2-m1'], ['g1', 'g1-m2'], ['g1', 'g1-m3'])
    expect(bodiesOf(await receive(key))).toEqual(['g1-m1', 'g1-m2', 'g1-m3', 'g2-m1'])
  })

  it('G12 keeps a group closed until its last leased message is deleted, and wakes who waits then', async () => {
    const key = await newFifo()
    await send(key, ['g', '1'], ['g', '2'], ['g', '3'])
    const [first, second] = handlesOf(await receive(key, 2)) as [string, string]
    await send(key, ['g', '4'])
    expect(await receive(key)).toEqual([])
    await bundle.engine.deleteMessages(key, [first])
    expect(await receive(key)).toEqual([])
    const waiting = other.receiveMessages(key, { maxMessages: 10, waitSeconds: 20 })
    await bundle.engine.deleteMessages(key, [second])
    expect(bodiesOf(await waiting)).toEqual(['3', '4'])
  })

  it('G12 trap 6 never gives one group to two receives that wait together', async () => {
    const key = await newFifo()
    const waits = [1, 2, 3].map(() => other.receiveMessages(key, { maxMessages: 2, waitSeconds: 1 }))
    await send(key, ['a', 'a1'], ['a', 'a2'], ['a', 'a3'], ['b', 'b1'])
    const received = await Promise.all(waits)
    expect(received.filter((messages) => messages.some((message) => message.fifo?.groupId === 'a'))).toHaveLength(1)
    expect(received.flatMap(bodiesOf).sort()).toEqual(['a1', 'a2', 'b1'])
  })

  it('G12 traps 1, 2, 3 and 8 hold while two nodes send, receive and delete at once', async () => {
    const key = await newFifo()
    const groups = ['a', 'b', 'c']
    const produce = async (engine: Engine, group: string) => {
      for (let i = 0; i < 40; i++) idsOf(await engine.sendMessages(key, [{ groupId: group, body: `${group} ${i}` }]))
    }
    const seen = new Map<string, number[]>(groups.map((group) => [group, []]))
    let left = groups.length * 40
    const consume = async (engine: Engine) => {
      while (left > 0) {
        const messages = await engine.receiveMessages(key, { maxMessages: 7, waitSeconds: 1 })
        left -= messages.length
        for (const { fifo, body } of messages) seen.get(fifo?.groupId as string)?.push(Number(body.split(' ')[1]))
        if (messages.length > 0) await engine.deleteMessages(key, handlesOf(messages))
      }
    }
    await Promise.all([
      ...groups.map((group, i) => produce(i % 2 === 0 ? bundle.engine : other, group)),
      ...[bundle.engine, other, bundle.engine, other].map(consume),
    ])
    const expected = Array.from({ length: 40 }, (_, i) => i)
    for (const group of groups) expect(seen.get(group)).toEqual(expected)
  })

  it('G13 numbers on after a purge, within the same instant too and when the clock is stepped back', async () => {
    const numbers: string[] = []
    const key = await newFifo()
    try {
      for (const seconds of [0, -5]) {
        await bundle.moveClock(seconds)
        const results = await send(key, ['g', `${seconds}`])
        numbers.push(...results.map((result) => (result.ok ? (result.sequenceNumber as string) : '')))
        await bundle.engine.purgeQueue(key)
      }
    } finally {
      await bundle.moveClock(0)
    }
    expect((numbers[1] as string) > (numbers[0] as string)).toBe(true)
  })

  it('G13 gives rising sequence numbers of 20 digits', async () => {
    const key = await newFifo()
    const numbers = [...(await send(key, ['g', '1'], ['h', '2'])), ...(await send(key, ['g', '3']))].map(
      (result) => result.ok && result.sequenceNumber,
    )
    expect(numbers).toEqual([...numbers].sort())
    expect(new Set(numbers).size).toBe(3)
    expect(numbers[0]).toMatch(/^\d{20}$/)
    expect((await receive(key)).map((message) => message.fifo?.sequenceNumber).sort()).toEqual(numbers)
  })

  it('G14 delivers past a blocked group with a long backlog', async () => {
    const key = await newFifo()
    await send(key, ['blocked', 'first'])
    await receive(key)
    for (let i = 0; i < 3; i++) {
      idsOf(await send(key, ...Array.from({ length: 900 }, (_, n): [string, string] => ['blocked', `${i} ${n}`])))
    }
    await send(key, ['free', 'here'])
    expect(bodiesOf(await receive(key))).toEqual(['here'])
  })
})

describe('deduplication', () => {
  it('G15 answers duplicates with the first, in a batch, on another node and after the delete, for five minutes', async () => {
    const key = await newFifo()
    const message = { groupId: 'g', body: 'same' }
    const [first, again] = await bundle.engine.sendMessages(key, [message, message])
    expect(again).toEqual({ ...first, isDuplicate: true })
    expect(await other.sendMessages(key, [message])).toEqual([again])
    await bundle.engine.deleteMessages(key, handlesOf(await receive(key)))
    expect(await other.sendMessages(key, [message])).toEqual([again])
    await bundle.moveClock(301)
    try {
      expect((await other.sendMessages(key, [message]))[0]).toMatchObject({ isDuplicate: false })
    } finally {
      await bundle.moveClock(0)
    }
  })

  it('G15 stores one of many parallel sends', async () => {
    const key = await newFifo()
    const sends = Array.from({ length: 20 }, (_, i) =>
      (i % 2 === 0 ? bundle.engine : other).sendMessages(key, [{ groupId: 'g', body: `${i}`, deduplicationId: 'one' }]),
    )
    const results = (await Promise.all(sends)).flat()
    expect(new Set(idsOf(results)).size).toBe(1)
    expect(await receive(key)).toHaveLength(1)
  })

  it('G15 keeps groups apart where the scope is the group', async () => {
    const key = await newFifo({ deduplicationScope: 'messageGroup' })
    await send(key, ['a', 'x'], ['b', 'x'], ['a', 'x'])
    expect(await receive(key)).toHaveLength(2)
  })

  it('G16 a refused send does not take its id, and a purge gives all ids back', async () => {
    const key = await newFifo({ contentBasedDeduplication: false })
    const message = { groupId: 'g', deduplicationId: 'd', body: 'x' }
    const { engine } = bundle
    expect((await engine.sendMessages(key, [{ ...message, body: '' }]))[0]).toMatchObject({ ok: false })
    expect((await engine.sendMessages(key, [message]))[0]).toMatchObject({ isDuplicate: false })
    await engine.purgeQueue(key)
    expect((await engine.sendMessages(key, [message]))[0]).toMatchObject({ isDuplicate: false })
    expect(await receive(key)).toHaveLength(1)
  })
})

describe('states', () => {
  it('G9 refuses the handle of a delivery that is over, to delete and to change', async () => {
    const key = await newFifo()
    await send(key, ['g', '1'])
    const [old] = handlesOf(await receive(key, 1, 0)) as [string]
    const late = { receiptHandle: old, visibilityTimeoutSeconds: 5 }
    expect((await other.deleteMessages(key, [old]))[0]).toMatchObject({ code: 'handleExpired' })
    expect((await other.changeVisibility(key, [late]))[0]).toMatchObject({ code: 'handleExpired' })
    const [handle] = handlesOf(await receive(key)) as [string]
    expect((await other.deleteMessages(key, [old]))[0]).toMatchObject({ code: 'handleExpired' })
    expect((await other.changeVisibility(key, [late]))[0]).toMatchObject({ code: 'handleExpired' })
    expect(await other.deleteMessages(key, [handle, handle])).toEqual([null, null])
    const change = { receiptHandle: handle, visibilityTimeoutSeconds: 5 }
    expect((await other.changeVisibility(key, [change]))[0]).toMatchObject({ code: 'messageNotLeased' })
  })

  it('G26 counts blocked messages as visible, and delayed ones apart', async () => {
    const key = await newFifo()
    await send(key, ['g', '1'], ['g', '2'], ['h', '3'])
    await receive(key, 1)
    expect(await other.countMessages(key)).toMatchObject({ visible: 2, inFlight: 1, delayed: 0 })
    const late = await newFifo({}, { delaySeconds: 900 })
    await send(late, ['g', '1'])
    expect(await receive(late)).toEqual([])
    expect(await other.countMessages(late)).toMatchObject({ visible: 0, inFlight: 0, delayed: 1 })
    await bundle.engine.updateQueue(late, { settings: { delaySeconds: 0 } })
    expect(await receive(late)).toHaveLength(1)
  })
})
