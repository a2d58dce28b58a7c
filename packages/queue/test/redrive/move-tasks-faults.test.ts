import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import type { Engine, QueueKey } from '../../src/index.ts'
import {
  ended,
  makeDeadLetters,
  newDeadLetterQueues,
  numbered,
  putDeadLetters,
  rememberSource,
  wakeMover,
} from '../helpers/move-tasks.ts'
import { type Bundle, bodiesOf, handlesOf, receiveAll, setup, until } from '../helpers/setup.ts'

let bundle: Bundle
beforeAll(async () => {
  bundle = await setup()
})
afterAll(() => bundle.close())

/** Receives and deletes until the signal says that it is over; answers what was deleted. */
async function consume(engine: Engine, key: QueueKey, isOver: () => boolean): Promise<string[]> {
  const bodies: string[] = []
  while (!isOver()) {
    const messages = await engine.receiveMessages(key, { maxMessages: 7, visibilityTimeoutSeconds: 30, waitSeconds: 0 })
    // Every third message is given back, and is anybody's again.
    const [kept, returned] = [messages.filter((_, i) => i % 3 > 0), messages.filter((_, i) => i % 3 === 0)]
    if (returned.length > 0) {
      await engine.changeVisibility(
        key,
        handlesOf(returned).map((receiptHandle) => ({ receiptHandle, visibilityTimeoutSeconds: 0 })),
      )
    }
    if (kept.length > 0) {
      expect(await engine.deleteMessages(key, handlesOf(kept))).toEqual(kept.map(() => null))
      bodies.push(...bodiesOf(kept))
    }
  }
  return bodies
}

describe('a move task under faults', () => {
  it('G19 moves every message once when three nodes work on it', async () => {
    const { engine, node } = bundle
    const others = [await node(), await node()]
    const { dlq, sources } = await newDeadLetterQueues(engine, 2)
    await putDeadLetters(bundle, dlq, sources[0] as QueueKey, numbered(4_000, 'a'))
    await putDeadLetters(bundle, dlq, sources[1] as QueueKey, numbered(4_000, 'b'))
    const task = await engine.startMoveTask(dlq, {})
    await Promise.all(others.map(wakeMover))
    expect(await ended(engine, dlq, task)).toMatchObject({ status: 'completed', messagesMoved: 8_000 })
    for (const [key, prefix] of [
      [sources[0], 'a'],
      [sources[1], 'b'],
    ] as const) {
      expect(bodiesOf(await receiveAll(engine, key as QueueKey)).sort()).toEqual(numbered(4_000, prefix).sort())
    }
    expect(await receiveAll(engine, dlq)).toEqual([])
  })

  it('G19 goes on at another node when the one at work stops in the middle', async () => {
    const { engine, node } = bundle
    const first = await node()
    const { dlq, source } = await newDeadLetterQueues(engine)
    await putDeadLetters(bundle, dlq, source, numbered(400))
    const task = await first.startMoveTask(dlq, { messagesPerSecondMax: 500 })
    await until(async () => (await engine.getMoveTask(dlq, task.id)).messagesMoved > 0)
    await first.close()
    const { messagesMoved } = await engine.getMoveTask(dlq, task.id)
    expect(messagesMoved).toBeLessThan(400)
    expect((await engine.countMessages(source)).visible).toBe(messagesMoved)
    await wakeMover(engine)
    expect(await ended(engine, dlq, task)).toMatchObject({ status: 'completed', messagesMoved: 400 })
    expect(bodiesOf(await receiveAll(engine, source)).sort()).toEqual(numbered(400).sort())
  })

  it('G19 a step that is killed before its commit has moved nothing', async () => {
    const { engine, sql, url } = bundle
    const { dlq, source } = await newDeadLetterQueues(engine)
    await putDeadLetters(bundle, dlq, source, numbered(20))
    // Rests, so that nobody but this test does a step.
    const { rows } = await sql.query(
      `INSERT INTO stanchion.move_task
       SELECT gen_random_uuid(), account_id, queue_id, NULL, NULL, 'running', NULL, 0, 20, 20, stanchion.clock() + interval '1 hour',
              stanchion.clock(), NULL
       FROM stanchion.queue WHERE name = $1 RETURNING task_id AS id`,
      [dlq.name],
    )
    const [{ id }] = rows
    const victim = new pg.Client({ connectionString: url })
    victim.on('error', () => undefined)
    await victim.connect()
    const pid = (await victim.query('SELECT pg_backend_pid() AS pid')).rows[0].pid
    await victim.query('BEGIN')
    await victim.query('UPDATE stanchion.move_task SET next_at = stanchion.clock() WHERE task_id = $1', [id])
    const step = await victim.query(
      "SELECT moved FROM stanchion.move_step_v1($1, 15, 1000000, stanchion.clock(), stanchion.clock() + interval '10 s')",
      [id],
    )
    expect(step.rows[0].moved).toBe(15)
    await sql.query('SELECT pg_terminate_backend($1)', [pid])
    await until(async () => (await sql.query('SELECT 1 FROM pg_stat_activity WHERE pid = $1', [pid])).rowCount === 0)
    expect(await engine.countMessages(dlq)).toMatchObject({ visible: 20, inFlight: 0 })
    expect(await engine.countMessages(source)).toMatchObject({ visible: 0 })
    expect(await engine.getMoveTask(dlq, id)).toMatchObject({ status: 'running', messagesMoved: 0 })
    await sql.query('UPDATE stanchion.move_task SET next_at = stanchion.clock() WHERE task_id = $1', [id])
    await wakeMover(engine)
    await ended(engine, dlq, { ...(await engine.getMoveTask(dlq, id)), id })
    const back = await receiveAll(engine, source)
    expect(bodiesOf(back)).toEqual(numbered(20))
    expect(back.every(({ receiveCount }) => receiveCount === 1)).toBe(true)
  })

  it('G19 finishes however often its connections are cut', async () => {
    const { engine, sql } = bundle
    const { dlq, source } = await newDeadLetterQueues(engine)
    await putDeadLetters(bundle, dlq, source, numbered(6_000))
    const task = await engine.startMoveTask(dlq, {})
    let cuts = 0
    await until(async () => {
      // Whoever runs a step at this moment.
      const { rowCount } = await sql.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND state = 'active' AND query LIKE '%move_step_v1%' AND pid <> pg_backend_pid()`,
      )
      cuts += rowCount ?? 0
      return cuts >= 3 || (await engine.getMoveTask(dlq, task.id)).status !== 'running'
    })
    expect(cuts).toBeGreaterThan(0)
    // A step that failed rests for some seconds; another node need not.
    await wakeMover(await bundle.node())
    expect(await ended(engine, dlq, task)).toMatchObject({ status: 'completed', messagesMoved: 6_000 })
    expect(bodiesOf(await receiveAll(engine, source)).sort()).toEqual(numbered(6_000).sort())
  })

  it('G5 G19 gives a message to a consumer or to the task, never to both', async () => {
    const { engine, node } = bundle
    const other = await node()
    const { dlq, source } = await newDeadLetterQueues(engine)
    await putDeadLetters(bundle, dlq, source, numbered(2_000))
    await makeDeadLetters(engine, dlq, source, numbered(200, 'real'))
    const task = await engine.startMoveTask(dlq, {})
    let isOver = false
    const consumers = [engine, other, other].map((each) => consume(each, dlq, () => isOver))
    const { messagesMoved } = await ended(engine, dlq, task)
    isOver = true
    const consumed = (await Promise.all(consumers)).flat()
    const moved = bodiesOf(await receiveAll(engine, source))
    const left = bodiesOf(await receiveAll(engine, dlq))
    expect(consumed.length).toBeGreaterThan(0)
    expect(moved.length).toBe(messagesMoved)
    expect([...consumed, ...moved, ...left].sort()).toEqual([...numbered(2_000), ...numbered(200, 'real')].sort())
  })

  it('G22 two tasks in opposite directions, with senders and receivers on both sides, lose and double nothing', async () => {
    const { engine, node } = bundle
    const other = await node()
    const [left, right] = [await newDeadLetterQueues(engine), await newDeadLetterQueues(engine)]
    await putDeadLetters(bundle, left.dlq, left.source, numbered(1_000, 'l'))
    await putDeadLetters(bundle, right.dlq, right.source, numbered(1_000, 'r'))
    const tasks = [
      [left.dlq, await engine.startMoveTask(left.dlq, { destination: right.dlq.name })],
      [right.dlq, await other.startMoveTask(right.dlq, { destination: left.dlq.name })],
    ] as const
    let isOver = false
    const sent: string[] = []
    const sending = (async () => {
      for (let i = 0; !isOver && i < 500; i++) {
        const body = `s${i}`
        await (i % 2 === 0 ? engine : other).sendMessages(i % 3 === 0 ? left.dlq : right.dlq, [{ body }])
        sent.push(body)
      }
    })()
    const consumers = [left.dlq, right.dlq].map((key) => consume(other, key, () => isOver))
    for (const [key, task] of tasks) expect((await ended(engine, key, task)).status).toBe('completed')
    isOver = true
    await sending
    const consumed = (await Promise.all(consumers)).flat()
    const rest = [...(await receiveAll(engine, left.dlq)), ...(await receiveAll(engine, right.dlq))]
    const all = [...numbered(1_000, 'l'), ...numbered(1_000, 'r'), ...sent]
    expect([...consumed, ...bodiesOf(rest)].sort()).toEqual(all.sort())
  })

  it('a queue that is changed, purged and deleted on the way makes no trouble', async () => {
    const { engine } = bundle
    const { dlq, source } = await newDeadLetterQueues(engine)
    await putDeadLetters(bundle, dlq, source, numbered(2_000))
    const task = await engine.startMoveTask(dlq, {})
    for (let i = 1; i <= 10; i++) {
      await engine.updateQueue(source, { settings: { delaySeconds: i % 2 } })
      await engine.updateQueue(dlq, { settings: { receiveWaitSeconds: i } })
    }
    const { messagesMoved } = await ended(engine, dlq, task)
    const { visible, delayed } = await engine.countMessages(source)
    expect([messagesMoved, visible + delayed]).toEqual([2_000, 2_000])
    await rememberSource(bundle, source, source)
    await engine.updateQueue(source, {
      deadLetter: { queueName: source.name, receiveCountMax: 1 },
      settings: { delaySeconds: 0 },
    })
    await engine.startMoveTask(source, { destination: dlq.name })
    await engine.deleteQueue(source)
    expect(await engine.listMoveTasks(dlq, 10)).toHaveLength(1)
  })
})
