import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import type { FifoSettleState } from '../../src/fifo/fifo-settle-statement.ts'
import { type FifoLane, laneOf, newFifo } from '../helpers/fifo-queue.ts'
import { deleteOn, sendOn, type Taken } from '../helpers/fifo-statements.ts'
import { type Bundle, setup, until } from '../helpers/setup.ts'

/** Two sessions that step through the statements of FIFO queues, each in a transaction that stays open as long as the test wants. */
let bundle: Bundle
let a: Session
let b: Session
beforeAll(async () => {
  bundle = await setup()
})
beforeEach(async () => {
  const key = await newFifo(bundle.engine)
  const lane = await laneOf(bundle.sql, key)
  a = await Session.open(lane)
  b = await Session.open(lane)
})
afterEach(async () => {
  await bundle.moveClock(0)
  await Promise.all([a.close(), b.close()])
})
afterAll(() => bundle.close())

/** A message as a claim hands it out. */
interface Claimed extends Taken {
  readonly body: string
}

class Session {
  readonly #client: pg.Client
  readonly #lane: FifoLane
  readonly #pid: number

  private constructor(client: pg.Client, lane: FifoLane, pid: number) {
    this.#client = client
    this.#lane = lane
    this.#pid = pid
  }

  static async open(lane: FifoLane): Promise<Session> {
    const client = new pg.Client({ connectionString: bundle.url })
    await client.connect()
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid')
    return new Session(client, lane, rows[0].pid)
  }

  /** One more session on the same lane. */
  another = () => Session.open(this.#lane)
  begin = () => this.#client.query('BEGIN')
  commit = () => this.#client.query('COMMIT')
  rollback = () => this.#client.query('ROLLBACK')
  close = () => this.#client.end()

  /** Resolves when this session waits for a lock. */
  async waits(): Promise<void> {
    const query = 'SELECT FROM pg_locks WHERE pid = $1 AND NOT granted'
    await until(async () => ((await bundle.sql.query(query, [this.#pid])).rowCount ?? 0) > 0)
  }

  /** Sends bodies, each to the group that its first letter names. Answers their places. */
  async send(...bodies: string[]): Promise<string[]> {
    const sent = await sendOn(
      this.#client,
      this.#lane,
      bodies.map((body) => ({ group: body.slice(0, 1), id: body })),
    )
    return sent.map(({ seq }) => seq)
  }

  async claim(size = 10, timeoutSeconds = 30): Promise<Claimed[]> {
    const { bucket, lane, version } = this.#lane
    const { rows } = await this.#client.query(
      `SELECT body, ((seq_ms::bigint << 20) + seq_number)::text AS seq, receive_count AS count
       FROM stanchion.fifo_claim_v5($1, ARRAY[$2::bigint], ARRAY[$3::integer], ARRAY[$4::integer], ARRAY[345600], ARRAY[0], ARRAY[1],
         ARRAY[$5::integer], ARRAY[NULL::text], 43200, 'infinity', 'infinity', 8388608, ARRAY[NULL::integer], ARRAY[NULL::bigint],
         ARRAY[NULL::integer], ARRAY[NULL::text]) WHERE seq_ms IS NOT NULL`,
      [bucket, lane, version, timeoutSeconds, size],
    )
    return rows
  }

  async remove(...taken: Taken[]): Promise<FifoSettleState[]> {
    const outcome = await deleteOn(this.#client, this.#lane, taken, 345_600)
    return outcome.map(({ state }) => state)
  }

  async change({ seq, count }: Taken, timeoutSeconds: number): Promise<number> {
    const { bucket, lane } = this.#lane
    const { rows } = await this.#client.query(
      `SELECT outcome FROM stanchion.fifo_settle_v1($1, ARRAY[$2::bigint], ARRAY[345600], ARRAY[1], ARRAY[$3::bigint], ARRAY[$4::integer],
         ARRAY[$5::integer], 43200, 'infinity', 'infinity')`,
      [bucket, lane, seq, count, timeoutSeconds],
    )
    return rows[0].outcome
  }
}

const bodies = (taken: readonly Claimed[]) => taken.map(({ body }) => body)

describe('trap 1: a group in flight, judged by a snapshot', () => {
  it('G12 a claim beside another one never takes the messages behind it', async () => {
    await a.send('g1', 'g2', 'g3', 'g4', 'g5', 'g6')
    await a.begin()
    expect(bodies(await a.claim(3))).toEqual(['g1', 'g2', 'g3'])
    const second = b.claim(3)
    await b.waits()
    await a.commit()
    expect(await second).toEqual([])
  })

  it('G12 takes them when the other claim was undone', async () => {
    await a.send('g1', 'g2', 'h1')
    await a.begin()
    await a.claim(1)
    const second = b.claim(3)
    await b.waits()
    await a.rollback()
    expect(await second).toMatchObject([
      { body: 'g1', count: 1 },
      { body: 'g2', count: 1 },
      { body: 'h1', count: 1 },
    ])
  })
})

describe('trap 2: a snapshot that is older than the lock', () => {
  it('G6 a claim that waited does not take the same messages again', async () => {
    await a.send('g1', 'h1')
    await a.begin()
    await a.claim(1)
    const second = b.claim(10)
    await b.waits()
    await a.commit()
    expect(bodies(await second)).toEqual(['h1'])
  })

  it('G5 a claim that waited takes nothing that was deleted meanwhile, and the group goes on', async () => {
    await a.send('g1', 'g2', 'g3')
    const taken = await a.claim(2)
    await a.begin()
    expect(await a.remove(...taken)).toEqual(['done', 'done'])
    const second = b.claim(10)
    await b.waits()
    await a.commit()
    expect(bodies(await second)).toEqual(['g3'])
  })

  it('G4 a message that is committed while a claim finds nothing is found by the next one', async () => {
    await a.begin()
    await a.send('g1')
    await b.begin()
    expect(await b.claim()).toEqual([])
    await a.commit()
    await b.commit()
    expect(bodies(await b.claim())).toEqual(['g1'])
  })

  it('G4 so is one that is committed while the last message of its group is deleted', async () => {
    await a.send('g1')
    const [first] = (await a.claim()) as [Claimed]
    await b.begin()
    await b.send('g2')
    await a.begin()
    expect(await a.remove(first)).toEqual(['done'])
    await b.commit()
    await a.commit()
    expect(bodies(await b.claim())).toEqual(['g2'])
  })
})

describe('trap 3: what changes the head of a group besides claims', () => {
  it('G12 a release opens the group for the front alone', async () => {
    await a.send('g1', 'g2', 'g3')
    const [first] = (await a.claim(2)) as [Claimed]
    await a.begin()
    expect(await a.change(first, 0)).toBe(0)
    const second = b.claim(10)
    await b.waits()
    await a.commit()
    expect(await second).toMatchObject([{ body: 'g1', count: 2 }])
  })

  it('G12 an extension that comes just in time keeps it closed', async () => {
    await a.send('g1', 'g2')
    const [first] = (await a.claim(1, 30)) as [Claimed]
    await a.begin()
    expect(await a.change(first, 900)).toBe(0)
    await bundle.moveClock(31)
    const second = b.claim(10)
    await b.waits()
    await a.commit()
    expect(await second).toEqual([])
  })

  it('G9 a delete that waited for the next delivery is over', async () => {
    await a.send('g1')
    const [first] = (await a.claim(1, 30)) as [Claimed]
    await bundle.moveClock(31)
    await a.begin()
    expect(await a.claim(1, 30)).toMatchObject([{ count: 2 }])
    const late = b.remove(first)
    await b.waits()
    await a.commit()
    expect(await late).toEqual(['superseded'])
    expect(await b.claim()).toEqual([])
  })
})

describe('trap 5: senders and receivers beside each other', () => {
  it('G14 a claim does not wait for a send into its group, nor a send for a claim', async () => {
    await a.send('g1')
    await a.begin()
    await a.send('g2')
    await b.begin()
    expect(bodies(await b.claim())).toEqual(['g1'])
    await a.commit()
    await a.send('g3')
    await b.commit()
    expect(await a.claim()).toEqual([])
  })
})

describe('trap 8: the order of sequence numbers and that of commits', () => {
  it('G13 a send waits for the one before it, and no claim steps over either', async () => {
    await a.begin()
    const [first] = await a.send('g1')
    const later = b.send('g2')
    await b.waits()
    const c = await a.another()
    expect(await c.claim()).toEqual([])
    await a.commit()
    const [second] = await later
    expect(BigInt(second as string)).toBeGreaterThan(BigInt(first as string))
    expect(bodies(await c.claim())).toEqual(['g1', 'g2'])
    await c.close()
  })

  it('G15 of two sends with one id side by side the second answers the first, or is the first when that is undone', async () => {
    await a.begin()
    const first = await a.send('g1')
    const again = b.send('g1')
    await b.waits()
    await a.commit()
    expect(await again).toEqual(first)
    await a.begin()
    await a.send('g2')
    const stored = b.send('g2')
    await b.waits()
    await a.rollback()
    const [kept] = await stored
    expect(bodies(await b.claim())).toEqual(['g1', 'g2'])
    expect(await a.send('g2')).toEqual([kept])
  })
})
