import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { toParameter } from '../../src/database/array-parameter.ts'
import { fifoTick } from '../../src/fifo/fifo-tick.ts'
import { newFifo, sendTo } from '../helpers/fifo-queue.ts'
import { type Bundle, setup, until } from '../helpers/setup.ts'

let bundle: Bundle
const sessions: Session[] = []
beforeAll(async () => {
  bundle = await setup()
})
afterEach(() => Promise.all(sessions.splice(0).map((session) => session.close())))
afterAll(() => bundle.close())

describe('a tick of FIFO queues', () => {
  it('G22 that fails because of a message harms neither the deletes nor the receives that shared it', async () => {
    const { engine, sql } = bundle
    const key = await newFifo(engine)
    await sendTo(engine, key, ['a', 'first'], ['b', 'second'])
    const [first] = await engine.receiveMessages(key, { maxMessages: 1 })
    await sql.query(`
      CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.deduplication_id = 'poison' THEN RAISE EXCEPTION 'made to fail' USING ERRCODE = '22P05'; END IF;
        RETURN NEW;
      END $$`)
    const { rows } = await sql.query('SELECT table_name FROM stanchion.log_segment')
    for (const { table_name } of rows) {
      await sql.query(
        `CREATE TRIGGER fail BEFORE INSERT ON stanchion.${table_name} FOR EACH ROW EXECUTE FUNCTION fail()`,
      )
    }
    const [deleted, poison, good, received] = await Promise.allSettled([
      engine.deleteMessages(key, [first?.receiptHandle as string]),
      engine.sendMessages(key, [{ body: 'bad', groupId: 'c', deduplicationId: 'poison' }]),
      sendTo(engine, key, ['d', 'good']),
      engine.receiveMessages(key, { maxMessages: 1 }),
    ])
    await sql.query('DROP FUNCTION fail() CASCADE')
    expect(deleted).toEqual({ status: 'fulfilled', value: [null] })
    expect(poison).toMatchObject({ status: 'rejected', reason: { code: 'invalidArgument' } })
    expect(good).toMatchObject({ status: 'fulfilled', value: [{ ok: true }] })
    expect(received).toMatchObject({ status: 'fulfilled', value: [{ body: 'second' }] })
    expect(await engine.countMessages(key)).toMatchObject({ visible: 1, inFlight: 1 })
  })

  it('never deadlocks with that of another node, though each claims where the other deletes', async () => {
    const [low, high] = await twoLanesOfABucket()
    const holder = await Session.open()
    const one = await Session.open()
    const other = await Session.open()
    await holder.query('BEGIN')
    await holder.query('SELECT FROM stanchion.lane WHERE lane_id = $1 AND kind = 2 FOR UPDATE', [low.lane])
    // The first to wait for the lower lane gets it, and then wants the higher one.
    const ticks = [one.tick({ deletes: low, claims: high })]
    await one.waits()
    ticks.push(other.tick({ deletes: high, claims: low }))
    await other.waits()
    await holder.query('COMMIT')
    expect(await Promise.allSettled(ticks)).toMatchObject([{ status: 'fulfilled' }, { status: 'fulfilled' }])
  })
})

interface Lane {
  readonly bucket: number
  readonly lane: number
  readonly version: number
}

/** In ascending order. There are two buckets, so of three queues two share one. */
async function twoLanesOfABucket(): Promise<[Lane, Lane]> {
  const keys = [await newFifo(bundle.engine), await newFifo(bundle.engine), await newFifo(bundle.engine)]
  const { rows } = await bundle.sql.query<Lane>(
    `SELECT l.bucket, l.lane_id::integer AS lane, l.version FROM stanchion.queue q
     JOIN stanchion.lane l ON l.queue_id = q.queue_id AND l.kind = 2 WHERE q.name = ANY ($1) ORDER BY l.bucket, l.lane_id`,
    [keys.map(({ name }) => name)],
  )
  const first = rows.findIndex(({ bucket }, i) => rows[i + 1]?.bucket === bucket)
  return [rows[first], rows[first + 1]] as [Lane, Lane]
}

/** A session of the database that runs ticks as a node does. */
class Session {
  readonly #client: pg.Client
  readonly #pid: number
  readonly query: pg.Client['query']

  private constructor(client: pg.Client, pid: number) {
    this.#client = client
    this.#pid = pid
    this.query = client.query.bind(client) as pg.Client['query']
  }

  static async open(): Promise<Session> {
    const client = new pg.Client({ connectionString: bundle.url })
    await client.connect()
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid')
    const session = new Session(client, rows[0].pid)
    sessions.push(session)
    return session
  }

  close = () => this.#client.end()

  /** Resolves when this session waits for a lock. */
  async waits(): Promise<void> {
    const query = 'SELECT FROM pg_locks WHERE pid = $1 AND NOT granted'
    await until(async () => ((await bundle.sql.query(query, [this.#pid])).rowCount ?? 0) > 0)
  }

  tick({ deletes, claims }: { deletes: Lane; claims: Lane }): Promise<unknown> {
    const timing = { retentionSeconds: 60, trustedNowMs: Date.now() }
    const delivery = { ...deletes, queueId: 1, seq: 1n, leaseSeq: 0n, leaseIndex: 0, receiveCount: 1 }
    const receive = { size: 1, attemptId: undefined, isWanted: () => true }
    const tick = fifoTick(60)
    const values = tick.bind(
      claims.bucket,
      {
        delete: [{ ...deletes, ...timing, entries: [{ delivery, timeoutSeconds: null }] }],
        send: [],
        claim: [{ ...claims, ...timing, timeoutSeconds: 30, delaySeconds: 0, receives: [receive] }],
      },
      'infinity',
    )
    return this.#client.query(tick.operations.statement.text, values.map(toParameter))
  }
}
