import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { QueueKey } from '../../src/index.ts'
import { type Bundle, newKey, setup, until } from '../helpers/setup.ts'

let bundle: Bundle
beforeEach(async () => {
  bundle = await setup({ statisticsIntervalMs: 3_600_000 })
})
afterEach(() => bundle?.close())

/** Two queues whose numbers are counted in one statement. */
async function twoOfOneBucket(): Promise<[QueueKey, QueueKey]> {
  const byBucket = new Map<number, QueueKey>()
  for (;;) {
    const key = newKey()
    await bundle.engine.createQueue(key)
    const { rows } = await bundle.sql.query('SELECT bucket FROM stanchion.queue WHERE name = $1', [key.name])
    const other = byBucket.get(rows[0].bucket)
    if (other !== undefined) return [other, key]
    byBucket.set(rows[0].bucket, key)
  }
}

/** From now on nodes that start fail to count this queue, after more than a second. */
function makeUncountable(key: QueueKey): Promise<void> {
  return beforeCounting(key, "PERFORM pg_sleep(1.01); RAISE EXCEPTION USING ERRCODE = 'query_canceled';")
}

/** From now on nodes that start do this before they count the queue. */
async function beforeCounting({ name }: QueueKey, statements: string): Promise<void> {
  await bundle.sql.query('ALTER FUNCTION stanchion.count_v1 RENAME TO count_real')
  await bundle.sql.query(`CREATE FUNCTION stanchion.count_v1(p_bucket integer, p_lanes bigint[], p_retentions integer[], p_now timestamptz)
    RETURNS TABLE (lane_id bigint, visible bigint, in_flight bigint, delayed bigint, oldest_ms double precision, now_ms double precision)
    LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (SELECT FROM stanchion.lane l JOIN stanchion.queue q USING (queue_id)
                 WHERE q.name = '${name}' AND l.lane_id = ANY (p_lanes)) THEN
        ${statements}
      END IF;
      RETURN QUERY SELECT * FROM stanchion.count_real(p_bucket, p_lanes, p_retentions, p_now);
    END $$`)
}

/** What is recorded of a queue; null for a time never set, as Postgres before 17 cannot subtract from -infinity. */
async function rowOf({ name }: QueueKey) {
  const { rows } = await bundle.sql.query(
    `SELECT s.measured_at, extract(epoch FROM nullif(s.due_at, '-infinity') - clock_timestamp())::float AS due,
            extract(epoch FROM nullif(s.not_before, '-infinity') - clock_timestamp())::float AS rest
     FROM stanchion.queue q LEFT JOIN stanchion.queue_statistics s USING (bucket, queue_id) WHERE q.name = $1`,
    [name],
  )
  return rows[0] as { measured_at: Date | null; due: number | null; rest: number | null }
}

describe('the depth of a queue', () => {
  test('is measured although another one of its batch cannot be, which is left alone', async () => {
    const [bad, good] = await twoOfOneBucket()
    await bundle.engine.sendMessages(good, [{ body: 'a' }])
    await makeUncountable(bad)
    await bundle.node({ statisticsIntervalMs: 20 })
    await until(async () => (await rowOf(good)).measured_at !== null && ((await rowOf(bad)).rest ?? 0) > 0)
    const { measured_at, rest } = await rowOf(bad)
    expect(measured_at).toBeNull()
    expect(rest).toBeGreaterThan(290)
    expect(bundle.warnings).toContain('the messages of a queue could not be counted; its numbers grow old')
  })

  test('is left alone for twenty times as long as it took', async () => {
    const key = newKey()
    await bundle.engine.createQueue(key)
    await beforeCounting(key, 'PERFORM pg_sleep(0.5);')
    await bundle.node({ statisticsIntervalMs: 20 })
    await until(async () => (await rowOf(key)).measured_at !== null)
    const { rest } = await rowOf(key)
    expect(rest).toBeGreaterThan(7)
  })

  test('is measured again soon only if time alone can change it', async () => {
    const [waiting, leased] = await twoOfOneBucket()
    const [delayed, short] = [newKey(), newKey()]
    await bundle.engine.createQueue(delayed)
    await bundle.engine.createQueue({ ...short, settings: { retentionSeconds: 100 } })
    for (const key of [waiting, leased, short]) await bundle.engine.sendMessages(key, [{ body: 'a' }])
    await bundle.engine.sendMessages(delayed, [{ body: 'a', delaySeconds: 60 }])
    await bundle.engine.receiveMessages(leased, { maxMessages: 1, visibilityTimeoutSeconds: 60, waitSeconds: 0 })
    await bundle.node({ statisticsIntervalMs: 20 })
    const all = [waiting, leased, delayed, short]
    await until(async () => (await Promise.all(all.map(rowOf))).every(({ measured_at }) => measured_at !== null))
    const due = (await Promise.all(all.map(rowOf))).map((row) => row.due as number)
    expect(due[0]).toBeGreaterThan(280)
    expect(due[1]).toBeLessThanOrEqual(10.5)
    expect(due[2]).toBeLessThanOrEqual(10.5)
    expect(due[3]).toBeGreaterThan(80)
    expect(due[3]).toBeLessThanOrEqual(100)
  })
})
