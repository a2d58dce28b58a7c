import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { QueueKey } from '../../src/index.ts'
import {
  clockOf,
  ended,
  keyFor,
  makeDeadLetters,
  newDeadLetterQueues,
  numbered,
  putDeadLetters,
  rememberSource,
  stepByHand,
} from '../helpers/move-tasks.ts'
import { type Bundle, bodiesOf, handlesOf, idsOf, newKey, receiveAll, setup, until } from '../helpers/setup.ts'

let bundle: Bundle
beforeAll(async () => {
  bundle = await setup()
})
afterAll(() => bundle.close())

async function newQueue(input = {}): Promise<QueueKey> {
  const key = keyFor(input)
  await bundle.engine.createQueue({ ...key, ...input })
  return key
}

describe('a move task', () => {
  it('G19 moves every message to the queue it came from, as a new message, each once', async () => {
    const { engine } = bundle
    const { dlq, sources } = await newDeadLetterQueues(engine, 2)
    const [first, second] = sources as [QueueKey, QueueKey]
    await putDeadLetters(bundle, dlq, first, numbered(450, 'a'))
    await putDeadLetters(bundle, dlq, second, numbered(3, 'b'))
    const task = await engine.startMoveTask(dlq, {})
    expect(task).toMatchObject({ status: 'running', source: dlq.name, messagesToMove: 453, messagesMoved: 0 })
    expect(await ended(engine, dlq, task)).toMatchObject({
      status: 'completed',
      messagesMoved: 453,
      failure: undefined,
    })
    expect(await receiveAll(engine, dlq)).toEqual([])
    const back = await receiveAll(engine, first)
    expect(bodiesOf(back)).toEqual(numbered(450, 'a'))
    expect(back.every(({ receiveCount }) => receiveCount === 1)).toBe(true)
    expect(bodiesOf(await receiveAll(engine, second))).toEqual(numbered(3, 'b'))
  })

  it('gives a moved message a new id and time, and leaves it body, attributes and tracing header', async () => {
    const { engine } = bundle
    const { dlq, source } = await newDeadLetterQueues(engine)
    const message = {
      body: 'naïve ✓ \r\n',
      attributes: { a: { type: 'number', label: 'int', value: '1.0' }, b: { type: 'binary', value: 'AAE=' } },
      traceHeader: 'Root=1',
    } as const
    const [id] = idsOf(await engine.sendMessages(dlq, [message]))
    await rememberSource(bundle, dlq, source)
    // Received and returned before, so that there is something to start again.
    const [before] = await engine.receiveMessages(dlq, { maxMessages: 1, visibilityTimeoutSeconds: 0, waitSeconds: 0 })
    await ended(engine, dlq, await engine.startMoveTask(dlq, {}))
    const [moved] = await receiveAll(engine, source)
    expect(moved).toMatchObject({ ...message, receiveCount: 1 })
    expect(moved?.messageId).not.toBe(id)
    expect(moved?.sentAtMs).toBeGreaterThan(before?.sentAtMs as number)
    expect(moved?.firstReceivedAtMs).toBeGreaterThan(before?.firstReceivedAtMs as number)
  })

  it('moves to the destination when there is one, whatever the source, and what was sent to the queue directly', async () => {
    const { engine } = bundle
    const { dlq, source } = await newDeadLetterQueues(engine)
    await putDeadLetters(bundle, dlq, source, numbered(5, 'dead'))
    await engine.sendMessages(dlq, [{ body: 'direct' }])
    const destination = await newQueue()
    const task = await engine.startMoveTask(dlq, { destination: destination.name, messagesPerSecondMax: 500 })
    expect(task).toMatchObject({ destination: destination.name, messagesPerSecondMax: 500 })
    expect((await ended(engine, dlq, task)).messagesMoved).toBe(6)
    expect(bodiesOf(await receiveAll(engine, destination))).toEqual([...numbered(5, 'dead'), 'direct'])
    expect(await receiveAll(engine, source)).toEqual([])
  })

  it('G7 sends with the delay of the queue that it sends to', async () => {
    const { engine } = bundle
    const { dlq, source } = await newDeadLetterQueues(engine, 1, { settings: { delaySeconds: 900 } })
    await engine.updateQueue(dlq, { settings: { delaySeconds: 0 } })
    await putDeadLetters(bundle, dlq, source, numbered(3))
    await ended(engine, dlq, await engine.startMoveTask(dlq, {}))
    expect(await engine.countMessages(source)).toMatchObject({ visible: 0, delayed: 3, inFlight: 0 })
  })

  it('moves delayed and returned messages of the source once they are visible, and those in flight not at all', async () => {
    const { engine } = bundle
    const { dlq, source } = await newDeadLetterQueues(engine)
    await putDeadLetters(bundle, dlq, source, numbered(4))
    const destination = await newQueue()
    const [first] = await engine.receiveMessages(dlq, { maxMessages: 1, waitSeconds: 0 })
    await engine.receiveMessages(dlq, { maxMessages: 1, visibilityTimeoutSeconds: 0, waitSeconds: 0 })
    await engine.sendMessages(dlq, [{ body: 'later', delaySeconds: 900 }])
    const task = await engine.startMoveTask(dlq, { destination: destination.name })
    expect(task.messagesToMove).toBe(3)
    expect(await ended(engine, dlq, task)).toMatchObject({ status: 'completed', messagesMoved: 3 })
    expect(bodiesOf(await receiveAll(engine, destination)).sort()).toEqual(['m1', 'm2', 'm3'])
    expect(await engine.countMessages(dlq)).toMatchObject({ visible: 0, inFlight: 1, delayed: 1 })
    expect(await engine.deleteMessages(dlq, [first?.receiptHandle as string])).toEqual([null])
  })

  it('G26 leaves exact counts on both sides, with several lanes', async () => {
    const { node } = bundle
    const engine = await node({ lanesPerQueue: 4 })
    const { dlq, source } = await newDeadLetterQueues(engine)
    for (let i = 0; i < 12; i++)
      await engine.sendMessages(
        dlq,
        numbered(10, `${i}.`).map((body) => ({ body })),
      )
    await rememberSource(bundle, dlq, source)
    const task = await engine.startMoveTask(dlq, {})
    expect((await ended(engine, dlq, task)).messagesMoved).toBe(120)
    expect(await engine.countMessages(dlq)).toMatchObject({ visible: 0, inFlight: 0, delayed: 0 })
    expect(await engine.countMessages(source)).toMatchObject({ visible: 120, inFlight: 0, delayed: 0 })
    expect(new Set(bodiesOf(await receiveAll(engine, source))).size).toBe(120)
  })

  it('takes groups of a standard queue from all their levels, and leaves them to their messages', async () => {
    const { engine } = bundle
    const { dlq, source } = await newDeadLetterQueues(engine)
    for (const part of [0, 1, 2]) {
      await engine.sendMessages(
        dlq,
        numbered(1_000, `${part}.`).map((body) => ({ body, groupId: 'noisy' })),
      )
    }
    await engine.sendMessages(dlq, [{ body: 'quiet', groupId: 'quiet' }])
    await rememberSource(bundle, dlq, source)
    const task = await engine.startMoveTask(dlq, {})
    expect((await ended(engine, dlq, task)).messagesMoved).toBe(3_001)
    const back = await receiveAll(engine, source)
    expect(new Set(bodiesOf(back)).size).toBe(3_001)
    expect(new Set(back.map(({ groupId }) => groupId))).toEqual(new Set(['noisy', 'quiet']))
  })

  it('moves messages of a megabyte', async () => {
    const { engine } = bundle
    const { dlq, source } = await newDeadLetterQueues(engine)
    const body = 'x'.repeat(1_048_576)
    for (let i = 0; i < 12; i++) await engine.sendMessages(dlq, [{ body }])
    await rememberSource(bundle, dlq, source)
    await ended(engine, dlq, await engine.startMoveTask(dlq, {}))
    const back = await receiveAll(engine, source)
    expect(back.map((message) => message.body === body)).toEqual(new Array(12).fill(true))
  })

  it('moves as many messages as there were, and ends even if all of them come straight back', async () => {
    const { engine } = bundle
    const key = newKey()
    await engine.createQueue(key)
    await engine.updateQueue(key, { deadLetter: { queueName: key.name, receiveCountMax: 1 } })
    await engine.sendMessages(
      key,
      numbered(25).map((body) => ({ body })),
    )
    await rememberSource(bundle, key, key)
    const task = await engine.startMoveTask(key, {})
    // What it moves is a dead letter again at once.
    const { rows } = await bundle.sql.query('SELECT messages_max FROM stanchion.move_task WHERE task_id = $1', [
      task.id,
    ])
    expect(Number(rows[0].messages_max)).toBe(25)
    const end = await ended(engine, key, task)
    expect(end.messagesMoved).toBeLessThanOrEqual(25)
    expect(await engine.countMessages(key)).toMatchObject({ visible: 25, inFlight: 0 })
  })

  it('G27 wakes whoever waits for a moved message', async () => {
    const { engine, node } = bundle
    const { dlq, source } = await newDeadLetterQueues(engine)
    await putDeadLetters(bundle, dlq, source, ['x'])
    const other = await node()
    const waiting = other.receiveMessages(source, { maxMessages: 1, waitSeconds: 20 })
    await until(() => other.snapshot().waiters === 1)
    await engine.startMoveTask(dlq, {})
    expect(bodiesOf(await waiting)).toEqual(['x'])
  })
})

describe('a message that was received in vain', () => {
  it('G18 G19 goes back as a new message that is unknown to be a dead letter, as often as it takes', async () => {
    const { engine } = bundle
    const { dlq, source } = await newDeadLetterQueues(engine)
    const message = { body: 'poison', attributes: { a: { type: 'string', value: 'ü' } }, groupId: 'tenant' } as const
    const ids = idsOf(await engine.sendMessages(source, [message]))
    for (const _round of [1, 2, 3]) {
      const [delivered] = await engine.receiveMessages(source, all)
      expect(delivered).toMatchObject({ ...message, receiveCount: 1, deadLetterSource: undefined })
      expect(delivered?.messageId).toBe(ids.at(-1))
      expect(await engine.receiveMessages(source, all)).toEqual([])
      expect(await engine.countMessages(dlq)).toMatchObject({ visible: 1, inFlight: 0 })
      const task = await engine.startMoveTask(dlq, {})
      expect(await ended(engine, dlq, task)).toMatchObject({ status: 'completed', messagesMoved: 1, messagesToMove: 1 })
      expect(await engine.countMessages(dlq)).toMatchObject({ visible: 0, inFlight: 0 })
      const [again] = await engine.receiveMessages(source, { ...all, visibilityTimeoutSeconds: 30 })
      expect(ids).not.toContain(again?.messageId)
      await engine.deleteMessages(source, [again?.receiptHandle as string])
      ids.push(...idsOf(await engine.sendMessages(source, [message])))
    }
  })

  const all = { maxMessages: 10, visibilityTimeoutSeconds: 0, waitSeconds: 0 }

  it('G19 moves by the hundred, back to each of several sources', async () => {
    const { engine } = bundle
    const { dlq, sources } = await newDeadLetterQueues(engine, 3)
    for (const [i, source] of sources.entries()) await makeDeadLetters(engine, dlq, source, numbered(150, `${i}.`))
    const task = await engine.startMoveTask(dlq, {})
    expect(await ended(engine, dlq, task)).toMatchObject({ status: 'completed', messagesMoved: 450 })
    for (const [i, source] of sources.entries()) {
      const back = await receiveAll(engine, source)
      expect(bodiesOf(back).sort()).toEqual(numbered(150, `${i}.`).sort())
      expect(back.every(({ receiveCount }) => receiveCount === 1)).toBe(true)
    }
    expect(await receiveAll(engine, dlq)).toEqual([])
  })

  it('G11 lives for the whole retention of the queue that it went back to', async () => {
    const { engine } = bundle
    const { dlq, source } = await newDeadLetterQueues(engine, 1, { settings: { retentionSeconds: 600 } })
    await makeDeadLetters(engine, dlq, source, ['old'])
    await bundle.moveClock(540)
    await ended(engine, dlq, await engine.startMoveTask(dlq, {}))
    await bundle.moveClock(1_100)
    expect(bodiesOf(await receiveAll(engine, source))).toEqual(['old'])
    await bundle.moveClock(0)
  })

  it('that a broken consumer sends straight back does not keep the task busy', async () => {
    const { engine, node } = bundle
    const other = await node()
    const { dlq, source } = await newDeadLetterQueues(engine)
    await makeDeadLetters(engine, dlq, source, numbered(300))
    let isOver = false
    const broken = (async () => {
      while (!isOver) await other.receiveMessages(source, { ...all, maxMessages: 100 })
    })()
    const task = await engine.startMoveTask(dlq, {})
    const { status, messagesMoved } = await ended(engine, dlq, task)
    isOver = true
    await broken
    expect([status, messagesMoved]).toEqual(['completed', 300])
    // What is left in the source goes on to the dead-letter queue with the next receive.
    const left = [...(await receiveAll(engine, source)), ...(await receiveAll(engine, dlq))]
    expect(bodiesOf(left).sort()).toEqual(numbered(300).sort())
  })
})

describe('FIFO', () => {
  const fifo = { contentBasedDeduplication: true } as const

  it('G12 G19 keeps the order of every group, and deduplication swallows nothing', async () => {
    const { engine } = bundle
    const { dlq, source } = await newDeadLetterQueues(engine, 1, { fifo })
    const messages = numbered(300).map((body, i) => ({ body, groupId: `g${i % 7}` }))
    await engine.sendMessages(dlq, messages)
    await rememberSource(bundle, dlq, source)
    // The same contents were sent to the source a moment ago, and are gone from it.
    await engine.sendMessages(source, messages)
    await receiveAndDeleteAll(source)
    for (const _round of [1, 2]) {
      await ended(engine, dlq, await engine.startMoveTask(dlq, {}))
      expect(await engine.countMessages(dlq)).toMatchObject({ visible: 0, inFlight: 0 })
      const back = await receiveAndDeleteAll(source)
      for (let group = 0; group < 7; group++) {
        const ofGroup = back.filter((message) => message.fifo?.groupId === `g${group}`)
        expect(bodiesOf(ofGroup)).toEqual(
          messages.filter(({ groupId }) => groupId === `g${group}`).map(({ body }) => body),
        )
      }
      expect(back).toHaveLength(300)
      await engine.sendMessages(
        dlq,
        back.map(({ body, fifo: place }) => ({
          body,
          groupId: place?.groupId as string,
          deduplicationId: `again-${body}`,
        })),
      )
      await rememberSource(bundle, dlq, source)
    }
  })

  it('G12 G18 G19 dead letters go back to their groups in order, as often as it takes', async () => {
    const { engine } = bundle
    const { dlq, source } = await newDeadLetterQueues(engine, 1, { fifo })
    const messages = numbered(20).map((body, i) => ({ body, groupId: `g${i % 3}` }))
    await engine.sendMessages(source, messages)
    for (const _round of [1, 2]) {
      const all = { maxMessages: 100, visibilityTimeoutSeconds: 0, waitSeconds: 0 }
      await until(async () => {
        await engine.receiveMessages(source, all)
        return (await engine.countMessages(dlq)).visible === 20
      })
      const task = await ended(engine, dlq, await engine.startMoveTask(dlq, {}))
      expect(task).toMatchObject({ status: 'completed', messagesMoved: 20 })
      expect(await engine.countMessages(dlq)).toMatchObject({ visible: 0, inFlight: 0 })
      expect(await engine.countMessages(source)).toMatchObject({ visible: 20, inFlight: 0 })
    }
    const back = await receiveAndDeleteAll(source)
    expect(
      back.every(({ receiveCount, deadLetterSource }) => receiveCount === 1 && deadLetterSource === undefined),
    ).toBe(true)
    for (const group of ['g0', 'g1', 'g2']) {
      const ofGroup = back.filter((message) => message.fifo?.groupId === group)
      expect(bodiesOf(ofGroup)).toEqual(messages.filter(({ groupId }) => groupId === group).map(({ body }) => body))
    }
  })

  it('G12 leaves a group alone while its front is in flight, and moves the others', async () => {
    const { engine } = bundle
    const { dlq, source } = await newDeadLetterQueues(engine, 1, { fifo })
    await engine.sendMessages(dlq, [
      { body: 'a1', groupId: 'a' },
      { body: 'a2', groupId: 'a' },
      { body: 'b1', groupId: 'b' },
    ])
    await rememberSource(bundle, dlq, source)
    const [front] = await engine.receiveMessages(dlq, { maxMessages: 1, waitSeconds: 0 })
    expect(front?.body).toBe('a1')
    expect(await ended(engine, dlq, await engine.startMoveTask(dlq, {}))).toMatchObject({
      status: 'completed',
      messagesMoved: 1,
    })
    expect(bodiesOf(await receiveAll(engine, source))).toEqual(['b1'])
    expect(await engine.countMessages(dlq)).toMatchObject({ visible: 1, inFlight: 1 })
  })

  async function receiveAndDeleteAll(key: QueueKey) {
    const all = []
    for (;;) {
      const messages = await bundle.engine.receiveMessages(key, { maxMessages: 100, waitSeconds: 0 })
      if (messages.length === 0) return all
      all.push(...messages)
      await bundle.engine.deleteMessages(key, handlesOf(messages))
    }
  }
})

describe('a message that cannot go anywhere', () => {
  it('ends the task when nobody knows where it came from; all before it have moved, and it stays untouched', async () => {
    const { engine } = bundle
    const { dlq, source } = await newDeadLetterQueues(engine)
    await putDeadLetters(bundle, dlq, source, numbered(37))
    await engine.sendMessages(dlq, [{ body: 'direct' }])
    const task = await ended(engine, dlq, await engine.startMoveTask(dlq, {}))
    expect(task).toMatchObject({ status: 'failed', failure: 'sourceUnknown', messagesMoved: 37 })
    expect(bodiesOf(await receiveAll(engine, source))).toEqual(numbered(37))
    const left = await receiveAll(engine, dlq)
    expect(left.map(({ body, receiveCount }) => [body, receiveCount])).toEqual([['direct', 1]])
  })

  it('ends the task when the queue it came from is gone', async () => {
    const { engine } = bundle
    const { dlq, sources } = await newDeadLetterQueues(engine, 2)
    const [gone, there] = sources as [QueueKey, QueueKey]
    await putDeadLetters(bundle, dlq, there, ['a'])
    await putDeadLetters(bundle, dlq, gone, ['b'])
    await engine.deleteQueue(gone)
    const task = await ended(engine, dlq, await engine.startMoveTask(dlq, {}))
    expect(task).toMatchObject({ status: 'failed', failure: 'destinationNotFound', messagesMoved: 1 })
    expect(bodiesOf(await receiveAll(engine, dlq))).toEqual(['b'])
  })

  it('ends the task when the destination is deleted on the way', async () => {
    const { engine } = bundle
    const { dlq, source } = await newDeadLetterQueues(engine)
    await putDeadLetters(bundle, dlq, source, numbered(10))
    const destination = await newQueue()
    const at = clockOf(bundle)
    await at(0)
    const task = await engine.startMoveTask(dlq, { destination: destination.name, messagesPerSecondMax: 10 })
    await until(async () => (await engine.getMoveTask(dlq, task.id)).messagesMoved === 1)
    await engine.deleteQueue(destination)
    await bundle.moveClock(1)
    expect(await ended(engine, dlq, task)).toMatchObject({
      status: 'failed',
      failure: 'destinationNotFound',
      messagesMoved: 1,
    })
    await bundle.moveClock(0)
    const left = await receiveAll(engine, dlq)
    expect(left.map(({ receiveCount }) => receiveCount)).toEqual(new Array(9).fill(1))
  })
})

describe('the rate of a move task', () => {
  it('is never exceeded by the clock of the database, however often somebody tries', async () => {
    const { engine } = bundle
    const { dlq, source } = await newDeadLetterQueues(engine)
    await putDeadLetters(bundle, dlq, source, numbered(60))
    const at = clockOf(bundle)
    await at(0)
    const task = await engine.startMoveTask(dlq, { messagesPerSecondMax: 25 })
    const movedAt = new Map<number, number>()
    for (let ms = 0; ms <= 2_000; ms += 20) {
      await at(ms)
      for (let i = 0; i < 3; i++) await stepByHand(bundle, task.id)
      movedAt.set(ms, (await engine.getMoveTask(dlq, task.id)).messagesMoved)
    }
    for (const [ms, moved] of movedAt) {
      // Two at a time are a tenth of a second's worth.
      expect(moved).toBeLessThanOrEqual(25 * (ms / 1000) + 2)
      expect(moved).toBeGreaterThanOrEqual(Math.min(60, 25 * (ms / 1000) * 0.75))
    }
    // Ten minutes in which nobody worked are not made up for.
    await at(600_000)
    await stepByHand(bundle, task.id)
    expect((await engine.getMoveTask(dlq, task.id)).messagesMoved).toBeLessThanOrEqual(
      (movedAt.get(2_000) as number) + 2,
    )
    await engine.cancelMoveTask(dlq, task.id)
    await bundle.moveClock(0)
  })

  it.each([0, -1, 501, 1.5, Number.NaN, '5', null])('is refused when it is %p', async (messagesPerSecondMax) => {
    const { engine } = bundle
    const { dlq } = await newDeadLetterQueues(engine)
    await expect(
      engine.startMoveTask(dlq, { messagesPerSecondMax: messagesPerSecondMax as number }),
    ).rejects.toMatchObject({ code: 'invalidArgument', details: { field: 'messagesPerSecondMax' } })
    expect(await engine.listMoveTasks(dlq, 10)).toEqual([])
  })
})

describe('cancelling', () => {
  it('G19 takes effect with the answer, and loses and doubles nothing', async () => {
    const { engine } = bundle
    const { dlq, source } = await newDeadLetterQueues(engine)
    await putDeadLetters(bundle, dlq, source, numbered(3_000))
    const task = await engine.startMoveTask(dlq, {})
    await until(async () => (await engine.getMoveTask(dlq, task.id)).messagesMoved > 0)
    const cancelled = await engine.cancelMoveTask(dlq, task.id)
    expect(cancelled).toMatchObject({ status: 'cancelled', failure: undefined })
    const { visible } = await engine.countMessages(source)
    expect(visible).toBe(cancelled.messagesMoved)
    expect(cancelled.messagesMoved).toBeLessThan(3_000)
    const all = [...(await receiveAll(engine, source)), ...(await receiveAll(engine, dlq))]
    expect(bodiesOf(all).sort()).toEqual(numbered(3_000).sort())
    expect((await engine.getMoveTask(dlq, task.id)).messagesMoved).toBe(cancelled.messagesMoved)
  })

  it('is refused for a task that has ended, one of another queue, and one that never was', async () => {
    const { engine } = bundle
    const { dlq } = await newDeadLetterQueues(engine)
    const { dlq: other } = await newDeadLetterQueues(engine)
    const task = await engine.startMoveTask(dlq, {})
    await ended(engine, dlq, task)
    await expect(engine.cancelMoveTask(dlq, task.id)).rejects.toMatchObject({ code: 'moveTaskEnded' })
    for (const [key, id] of [
      [other, task.id],
      [dlq, '10f57157-fc38-4da9-a113-4de7e12d05dd'],
      [dlq, "'; DROP TABLE"],
      [dlq, ''],
    ] as const) {
      await expect(engine.cancelMoveTask(key, id)).rejects.toMatchObject({ code: 'moveTaskNotFound' })
      await expect(engine.getMoveTask(key, id)).rejects.toMatchObject({ code: 'moveTaskNotFound' })
    }
    await expect(engine.cancelMoveTask(newKey(), task.id)).rejects.toMatchObject({ code: 'queueNotFound' })
  })
})

describe('starting', () => {
  it('is refused for what cannot be moved', async () => {
    const { engine } = bundle
    const { dlq } = await newDeadLetterQueues(engine)
    const fifo = await newQueue({ fifo: {} })
    const plain = await newQueue()
    for (const [key, task, code] of [
      [newKey(), {}, 'queueNotFound'],
      [plain, {}, 'notDeadLetterQueue'],
      [dlq, { destination: newKey().name }, 'destinationNotFound'],
      [dlq, { destination: '' }, 'destinationNotFound'],
      [dlq, { destination: dlq.name }, 'destinationIsSource'],
      [dlq, { destination: fifo.name }, 'destinationKindDiffers'],
    ] as const) {
      await expect(engine.startMoveTask(key, task)).rejects.toMatchObject({ code })
    }
    expect(await engine.listMoveTasks(dlq, 10)).toEqual([])
  })

  it('allows one running task a queue, whatever two nodes do at once', async () => {
    const { engine, node } = bundle
    const { dlq, source } = await newDeadLetterQueues(engine)
    await putDeadLetters(bundle, dlq, source, numbered(5))
    const nodes = [engine, await node(), await node()]
    const starts = await Promise.allSettled(
      numbered(9).map((_, i) => nodes[i % 3]?.startMoveTask(dlq, { messagesPerSecondMax: 1 })),
    )
    const refusals = starts.flatMap((start) => (start.status === 'rejected' ? [start.reason.code] : []))
    expect(refusals).toEqual(new Array(8).fill('moveTaskRunning'))
    const [task] = await engine.listMoveTasks(dlq, 10)
    await engine.cancelMoveTask(dlq, task?.id as string)
  })

  it('allows a hundred running tasks an account, and other accounts theirs', async () => {
    const { engine, sql } = bundle
    const { dlq } = await newDeadLetterQueues(engine)
    await sql.query(
      `INSERT INTO stanchion.move_task
       SELECT gen_random_uuid(), $1, -n, NULL, NULL, 'running', NULL, 0, 0, 0, stanchion.clock() + interval '1 hour',
              stanchion.clock(), NULL
       FROM generate_series(1, 100) n`,
      [dlq.accountId],
    )
    await expect(engine.startMoveTask(dlq, {})).rejects.toMatchObject({ code: 'tooManyMoveTasks' })
    const accountId = '111111111111'
    const key = { ...newKey(), accountId }
    await engine.createQueue(key)
    await engine.updateQueue(key, { deadLetter: { queueName: key.name, receiveCountMax: 1 } })
    await ended(engine, key, await engine.startMoveTask(key, {}))
    await sql.query('DELETE FROM stanchion.move_task WHERE source_queue_id = -1')
    await ended(engine, dlq, await engine.startMoveTask(dlq, {}))
    await sql.query('DELETE FROM stanchion.move_task WHERE source_queue_id < 0')
  })
})

describe('the list of tasks', () => {
  it('holds the ten newest, the newest first', async () => {
    const { engine, sql } = bundle
    const { dlq } = await newDeadLetterQueues(engine)
    expect(await engine.listMoveTasks(dlq, 10)).toEqual([])
    const ids: string[] = []
    for (let i = 1; i <= 12; i++) {
      const task = await engine.startMoveTask(dlq, { messagesPerSecondMax: i })
      await ended(engine, dlq, task)
      ids.unshift(task.id)
    }
    expect((await engine.listMoveTasks(dlq, 10)).map(({ id }) => id)).toEqual(ids.slice(0, 10))
    expect((await engine.listMoveTasks(dlq, 1)).map(({ messagesPerSecondMax }) => messagesPerSecondMax)).toEqual([12])
    const { rows } = await sql.query(
      `SELECT count(*)::integer AS n FROM stanchion.move_task m JOIN stanchion.queue q ON q.queue_id = m.source_queue_id
       WHERE q.name = $1`,
      [dlq.name],
    )
    expect(rows[0].n).toBe(10)
    for (const limit of [0, 11, 1.5, Number.NaN]) {
      await expect(engine.listMoveTasks(dlq, limit)).rejects.toMatchObject({ code: 'invalidArgument' })
    }
    await expect(engine.listMoveTasks(newKey(), 1)).rejects.toMatchObject({ code: 'queueNotFound' })
  })

  it('G21 is empty for a new queue of an old name, and the old task does nothing any more', async () => {
    const { engine, sql } = bundle
    const { dlq, source } = await newDeadLetterQueues(engine)
    await putDeadLetters(bundle, dlq, source, numbered(5))
    const task = await engine.startMoveTask(dlq, { messagesPerSecondMax: 1 })
    await engine.deleteQueue(dlq)
    await expect(engine.getMoveTask(dlq, task.id)).rejects.toMatchObject({ code: 'queueNotFound' })
    await engine.createQueue(dlq)
    await engine.sendMessages(dlq, [{ body: 'new' }])
    expect(await engine.listMoveTasks(dlq, 10)).toEqual([])
    expect(await stepByHand(bundle, task.id)).toBeUndefined()
    const { rows } = await sql.query('SELECT 1 FROM stanchion.move_task WHERE task_id = $1', [task.id])
    expect(rows).toEqual([])
    expect(bodiesOf(await receiveAll(engine, dlq))).toEqual(['new'])
  })
})

describe('a task on its way', () => {
  it('G20 moves nothing that was purged, and what is sent afterwards only if there is room for it', async () => {
    const { engine } = bundle
    const { dlq, source } = await newDeadLetterQueues(engine)
    await putDeadLetters(bundle, dlq, source, numbered(10, 'old'))
    const at = clockOf(bundle)
    await at(0)
    const task = await engine.startMoveTask(dlq, { messagesPerSecondMax: 10 })
    await until(async () => (await engine.getMoveTask(dlq, task.id)).messagesMoved === 1)
    await engine.purgeQueue(dlq)
    await putDeadLetters(bundle, dlq, source, numbered(3, 'new'))
    for (let ms = 100; (await stepByHand(bundle, task.id))?.status !== 'completed' && ms < 2_000; ms += 100)
      await at(ms)
    await bundle.moveClock(0)
    expect(await ended(engine, dlq, task)).toMatchObject({ status: 'completed', messagesMoved: 4 })
    expect(bodiesOf(await receiveAll(engine, source)).sort()).toEqual(['new0', 'new1', 'new2', 'old0'])
  })

  it('moves what was in flight when its lease ends meanwhile', async () => {
    const { engine } = bundle
    const { dlq, source } = await newDeadLetterQueues(engine)
    await putDeadLetters(bundle, dlq, source, numbered(3))
    await engine.receiveMessages(dlq, { maxMessages: 1, visibilityTimeoutSeconds: 10, waitSeconds: 0 })
    const at = clockOf(bundle)
    await at(0)
    const task = await engine.startMoveTask(dlq, { messagesPerSecondMax: 1 })
    for (const [ms, moved] of [
      [0, 1],
      [11_000, 2],
      [22_000, 3],
    ] as const) {
      await at(ms)
      // The duty of the node may be looking at the task at this moment.
      await until(async () => {
        await stepByHand(bundle, task.id)
        return (await engine.getMoveTask(dlq, task.id)).messagesMoved === moved
      })
    }
    await bundle.moveClock(0)
    expect(await ended(engine, dlq, task)).toMatchObject({ status: 'completed', messagesMoved: 3 })
    expect(bodiesOf(await receiveAll(engine, source)).sort()).toEqual(numbered(3))
  })

  it('fails after 36 hours', async () => {
    const { engine } = bundle
    const { dlq, source } = await newDeadLetterQueues(engine)
    await putDeadLetters(bundle, dlq, source, numbered(3))
    const task = await engine.startMoveTask(dlq, { messagesPerSecondMax: 1 })
    await until(async () => (await engine.getMoveTask(dlq, task.id)).messagesMoved === 1)
    await bundle.moveClock(36 * 3_600 + 1)
    expect(await ended(engine, dlq, task)).toMatchObject({ status: 'failed', failure: 'timedOut' })
    await bundle.moveClock(0)
  })
})
