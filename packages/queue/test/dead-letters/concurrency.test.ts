import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Database } from '../../src/database/database.ts'
import type { Engine, QueueKey } from '../../src/index.ts'
import { OrphanSweeper } from '../../src/services/orphan-sweeper.ts'
import { type Bundle, bodiesOf, handlesOf, idsOf, newKey, receiveAll, setup } from '../helpers/setup.ts'

const RECEIVE_COUNT_MAX = 3

let bundle: Bundle
let nodes: Engine[]
beforeAll(async () => {
  bundle = await setup()
  nodes = [bundle.engine, await bundle.node(), await bundle.node({ lanesPerQueue: 3 })]
})
afterAll(() => bundle.close())

async function pair(creator: Engine = bundle.engine): Promise<{ source: QueueKey; target: QueueKey }> {
  const [source, target] = [newKey(), newKey()]
  await creator.createQueue(target)
  const deadLetter = { queueName: target.name, receiveCountMax: RECEIVE_COUNT_MAX }
  await creator.createQueue({ ...source, deadLetter })
  return { source, target }
}

/** How many messages two queues hold together, at one instant. */
async function countTogether(...queues: QueueKey[]): Promise<number> {
  const { sql } = bundle
  await sql.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
  try {
    const { rows } = await sql.query(
      `SELECT sum(c.visible + c.in_flight + c.delayed)::int AS count
       FROM stanchion.queue q JOIN stanchion.lane l ON l.bucket = q.bucket AND l.queue_id = q.queue_id AND l.kind = 2
       CROSS JOIN LATERAL stanchion.count_v1(q.bucket, ARRAY[l.lane_id], ARRAY[q.retention_seconds], stanchion.clock()) c
       WHERE q.name = ANY ($1)`,
      [queues.map(({ name }) => name)],
    )
    return rows[0].count
  } finally {
    await sql.query('COMMIT')
  }
}

describe('many receives at once, on several nodes', () => {
  it.each(['one lane', 'three lanes'])(
    'G18 never see a message more often than allowed, and it is in one of the queues at every instant (%s)',
    async (lanes) => {
      const { source, target } = await pair(nodes[lanes === 'one lane' ? 0 : 2])
      const ids: string[] = []
      for (let i = 0; i < 6; i++) {
        const messages = Array.from({ length: 50 }, (_, n) => ({
          body: `${i} ${n}`,
          delaySeconds: n % 10 === 0 ? 1 : 0,
        }))
        ids.push(...idsOf(await bundle.engine.sendMessages(source, messages)))
      }
      const deliveries = new Map<string, number>()
      let isOver = false
      const work = async (node: Engine, i: number) => {
        for (let round = 0; !isOver; round++) {
          const received = await node.receiveMessages(source, {
            maxMessages: 1 + ((i + round) % 10),
            visibilityTimeoutSeconds: round % 3 === 0 ? 1 : 0,
            waitSeconds: 0,
          })
          for (const { messageId, receiveCount } of received) {
            deliveries.set(messageId, (deliveries.get(messageId) ?? 0) + 1)
            expect(receiveCount).toBeLessThanOrEqual(RECEIVE_COUNT_MAX)
          }
          if (round % 3 === 0) {
            await node
              .changeVisibility(
                source,
                received.map(({ receiptHandle }) => ({ receiptHandle, visibilityTimeoutSeconds: 0 })).slice(0, 5),
              )
              .catch(() => undefined)
          }
        }
      }
      const workers = nodes.flatMap((node, i) => [work(node, i), work(node, i + 5)])
      const counts = new Set<number>()
      while ((await bundle.engine.countMessages(target)).visible < ids.length)
        counts.add(await countTogether(source, target))
      isOver = true
      await Promise.all(workers)
      expect([...counts, await countTogether(source, target)].every((count) => count === ids.length)).toBe(true)
      const dead = await receiveAll(nodes[1] as Engine, target)
      expect(dead.map(({ messageId }) => messageId).sort()).toEqual([...ids].sort())
      expect(ids.map((id) => deliveries.get(id))).toEqual(ids.map(() => RECEIVE_COUNT_MAX))
      expect(dead.every(({ receiveCount }) => receiveCount === RECEIVE_COUNT_MAX + 1)).toBe(true)
    },
    60_000,
  )

  it('G20 lose nothing and double nothing while the dead-letter queue is purged and created again under them', async () => {
    const { source, target } = await pair()
    const [one, two] = nodes as [Engine, Engine]
    let isOver = false
    const seen = new Set<string>()
    const work = async (node: Engine) => {
      while (!isOver) {
        const request = { maxMessages: 10, visibilityTimeoutSeconds: 0, waitSeconds: 0 }
        for (const { receiveCount, deadLetterSource } of await node.receiveMessages(source, request)) {
          expect(deadLetterSource).toBeUndefined()
          expect(receiveCount).toBeGreaterThan(0)
        }
        for (const { messageId, receiptHandle } of await node
          .receiveMessages(target, { maxMessages: 10, waitSeconds: 0 })
          .catch(() => [])) {
          expect(seen.has(messageId)).toBe(false)
          seen.add(messageId)
          await node.deleteMessages(target, [receiptHandle]).catch(() => undefined)
        }
      }
    }
    const workers = [work(one), work(two)]
    for (let i = 0; i < 12; i++) {
      const messages = Array.from({ length: 20 }, (_, n) => ({ body: `${i} ${n}` }))
      await bundle.engine.sendMessages(source, messages)
      if (i % 3 === 2) {
        await two.deleteQueue(target)
        await one.createQueue(target)
      } else {
        await one.purgeQueue(target)
      }
    }
    isOver = true
    await Promise.all(workers)
    // What is left in the source is whole, and ends in the dead-letter queue.
    const left = await countTogether(source)
    while (
      (await one.receiveMessages(source, { maxMessages: 10, visibilityTimeoutSeconds: 0, waitSeconds: 0 })).length > 0
    );
    expect(await countTogether(source)).toBe(0)
    expect((await receiveAll(two, target)).length).toBeGreaterThanOrEqual(left)
  }, 60_000)
})

it('a claim that fails half-way moves nothing', async () => {
  const { engine, sql } = bundle
  const { source, target } = await pair()
  await engine.sendMessages(source, [{ body: 'x' }])
  const fail = () => engine.receiveMessages(source, { maxMessages: 1, visibilityTimeoutSeconds: 0, waitSeconds: 0 })
  for (let i = 0; i < RECEIVE_COUNT_MAX; i++) expect(await fail()).toHaveLength(1)
  // The last step of the move is the removal from the source.
  await sql.query(`CREATE FUNCTION stanchion.break_it() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN RAISE EXCEPTION ''broken'' USING ERRCODE = ''58000''; END'`)
  await sql.query(
    'CREATE TRIGGER broken BEFORE DELETE ON stanchion.parked_message FOR EACH ROW EXECUTE FUNCTION stanchion.break_it()',
  )
  await expect(fail()).rejects.toThrow()
  expect(await countTogether(source)).toBe(1)
  expect(await countTogether(target)).toBe(0)
  for (const table of ['dead_letter', 'parked_body']) {
    const { rows } = await sql.query(
      `SELECT FROM stanchion.${table} JOIN stanchion.lane l ON -l.lane_id = ${table}.lane_id
       JOIN stanchion.queue q USING (queue_id) WHERE q.name = $1`,
      [target.name],
    )
    expect(rows).toEqual([])
  }
  await sql.query('DROP FUNCTION stanchion.break_it CASCADE')
  expect(await fail()).toEqual([])
  expect(bodiesOf(await receiveAll(engine, target))).toEqual(['x'])
})

it('what a dead letter leaves behind is removed once it is deleted, and not before', async () => {
  const { engine, sql } = bundle
  const { source, target } = await pair()
  await engine.sendMessages(source, [{ body: 'a' }, { body: 'b' }])
  for (let i = 0; i <= RECEIVE_COUNT_MAX; i++) {
    await engine.receiveMessages(source, { maxMessages: 10, visibilityTimeoutSeconds: 0, waitSeconds: 0 })
  }
  const logger = { debug() {}, info() {}, warn() {}, error() {} }
  const database = new Database({ url: bundle.url, pooler: 'none', poolSizeMax: 1, deadlineMs: 10_000, logger }, false)
  try {
    const sweep = () => new OrphanSweeper(database.catalogue).round()
    const rowsOf = async (table: string) => {
      const { rows } = await sql.query(
        `SELECT FROM stanchion.${table} JOIN stanchion.lane l ON l.lane_id = ${table}.lane_id AND l.bucket = ${table}.bucket
         JOIN stanchion.queue q USING (queue_id) WHERE q.name = $1`,
        [target.name],
      )
      return rows.length
    }
    await sweep()
    expect([await rowsOf('dead_letter'), await rowsOf('parked_body')]).toEqual([2, 2])
    const [first] = await engine.receiveMessages(target, { maxMessages: 1 })
    await engine.deleteMessages(target, handlesOf(first === undefined ? [] : [first]))
    await sweep()
    expect([await rowsOf('dead_letter'), await rowsOf('parked_body')]).toEqual([1, 1])
    expect(await receiveAll(engine, target)).toMatchObject([{ deadLetterSource: source.name }])
  } finally {
    await database.close()
  }
})
