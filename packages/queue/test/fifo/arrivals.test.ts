import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type FifoLane, laneOf, newFifo, sendTo } from '../helpers/fifo-queue.ts'
import { type Bundle, setup } from '../helpers/setup.ts'

const RETENTION_SECONDS = 120
const DELAY_SECONDS = 20

/** What is replaced in functions so that two claims can be compared. */
const PATCHES: readonly (readonly [name: string, ...texts: readonly (readonly [from: string, to: string])[]])[] = [
  // However many groups arrive, all of them are sorted in, as they were before.
  ['fifo_sort_v1', ['SELECT p_wanted - count(*) INTO room', 'SELECT 1000000 + count(*) INTO room']],
  // Groups that are level may come in any order: here it is that of their names.
  [
    'fifo_take_v2',
    ['ORDER BY f.ready_at, f.claimed_seq LIMIT', 'ORDER BY f.ready_at, f.claimed_seq, f.group_id LIMIT'],
  ],
  [
    'fifo_take_v3',
    ['ORDER BY f.ready_at, f.claimed_seq LIMIT', 'ORDER BY f.ready_at, f.claimed_seq, f.group_id LIMIT'],
    ['ORDER BY ready_at, claimed_seq LIMIT', 'ORDER BY ready_at, claimed_seq, group_id LIMIT'],
  ],
]

interface Step {
  /** Passes before it. */
  readonly seconds: number
  /** The group of each message. */
  readonly sends: readonly number[]
  /** What each receive wants, and its attempt. */
  readonly receives: readonly { readonly size: number; readonly attempt: number | null }[]
  readonly timeoutSeconds: number
  readonly isDelayed: boolean
  readonly bytesMax: number
  /** Of all that were handed out, any number of times. */
  readonly deletes: readonly number[]
}

/** What a claim hands out. */
interface Taken {
  readonly seq: string
  readonly count: number
}

const step: fc.Arbitrary<Step> = fc.record({
  seconds: fc.constantFrom(0, 0, 0, 1, 31, 100),
  sends: fc.array(fc.nat(7), { maxLength: 30 }),
  receives: fc.uniqueArray(
    fc.record({ size: fc.integer({ min: 0, max: 10 }), attempt: fc.constantFrom(null, null, 1, 2) }),
    { minLength: 1, maxLength: 4, comparator: (a, b) => a.attempt !== null && a.attempt === b.attempt },
  ),
  timeoutSeconds: fc.constantFrom(30, 30, 0),
  isDelayed: fc.nat(5).map((n) => n === 0),
  bytesMax: fc.constantFrom(8_388_608, 8_388_608, 40, 1),
  deletes: fc.array(fc.nat(), { maxLength: 12 }),
})

let bundle: Bundle
let lane: FifoLane
beforeAll(async () => {
  bundle = await setup()
  const key = await newFifo(bundle.engine)
  lane = await laneOf(bundle.sql, key)
})
afterAll(() => bundle.close())

it.each([
  ['', false],
  [' into which messages were moved', true],
])(
  'a claim that writes arrivals once does what one does that sorted them in first, in every state of a lane%s',
  async (_, hasDead) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 12 }), async (steps) => {
        await bundle.sql.query('BEGIN')
        try {
          await makeComparable()
          await setClock()
          await run(steps, hasDead)
        } finally {
          await bundle.sql.query('ROLLBACK')
        }
      }),
      // Made smaller, a state that fails would take longer than a test may.
      { numRuns: 60, seed: 7, endOnFailure: true },
    )
  },
)

describe('a claim sorts no more groups in than it hands out', () => {
  it('G14 and hands them out in the order of their first messages', async () => {
    const { engine, sql } = bundle
    const key = await newFifo(engine)
    const groups = Array.from({ length: 50 }, (_, i) => `group-${(i * 7) % 50}`)
    await sendTo(engine, key, ...groups.map((group): [string, string] => [group, `${group}, 1`]))
    await sendTo(engine, key, ...groups.map((group): [string, string] => [group, `${group}, 2`]))
    const claimed: string[] = []
    for (let claims = 1; claims <= 5; claims += 1) {
      const messages = await engine.receiveMessages(key, { maxMessages: 10 })
      claimed.push(...messages.map(({ body }) => body))
      const { rows } = await sql.query(
        `SELECT count(*)::integer AS groups FROM stanchion.fifo_group f JOIN stanchion.lane l USING (bucket, lane_id)
         JOIN stanchion.queue q USING (queue_id) WHERE l.kind = 2 AND q.name = $1`,
        [key.name],
      )
      expect(rows).toEqual([{ groups: 10 * claims }])
    }
    expect(claimed).toEqual(groups.map((group) => `${group}, 1`))
  })

  it('G14 and one that is new waits for those before it, however many come back meanwhile', async () => {
    const { engine } = bundle
    const key = await newFifo(engine)
    const hot = Array.from({ length: 40 }, (_, i) => `hot-${i}`)
    let sent = 0
    const sendToAll = () => sendTo(engine, key, ...hot.map((group): [string, string] => [group, String(sent++)]))
    await sendTo(engine, key, ...Array.from({ length: 1_000 }, (_, i): [string, string] => ['first', `first ${i}`]))
    for (let i = 0; i < 25; i += 1) await sendToAll()
    // All of them are sorted in now, and ready.
    expect(await engine.receiveMessages(key, { maxMessages: 1_000 })).toHaveLength(1_000)
    const work = async () => {
      const messages = await engine.receiveMessages(key, { maxMessages: 10 })
      await engine.deleteMessages(
        key,
        messages.map(({ receiptHandle }) => receiptHandle),
      )
      return messages.map(({ body }) => body)
    }
    await sendTo(engine, key, ['new', 'new'])
    let claims = 1
    while (!(await work()).includes('new')) {
      claims += 1
      await sendToAll()
    }
    // Each of those that were ready before it once.
    expect(claims).toBeLessThanOrEqual(hot.length + 1)
  })
})

async function makeComparable(): Promise<void> {
  for (const [name, ...texts] of PATCHES) {
    const { rows } = await bundle.sql.query<{ definition: string }>(
      'SELECT pg_get_functiondef($1::regproc) AS definition',
      [`stanchion.${name}`],
    )
    let definition = rows[0]?.definition ?? ''
    for (const [from, to] of texts) {
      expect(definition.split(from)).toHaveLength(2)
      definition = definition.replace(from, to)
    }
    await bundle.sql.query(definition)
  }
}

/** Now is what {@link setNow} says: a clock replaced at each step would have every plan made again. */
async function setClock(): Promise<void> {
  await bundle.sql.query(
    `CREATE OR REPLACE FUNCTION stanchion.clock() RETURNS timestamptz LANGUAGE sql VOLATILE
     AS $$SELECT current_setting('stanchion.now')::timestamptz$$`,
  )
}

async function setNow(nowMs: number): Promise<void> {
  await bundle.sql.query(`SELECT set_config('stanchion.now', $1, true)`, [new Date(nowMs).toISOString()])
}

async function run(steps: readonly Step[], hasDead: boolean): Promise<void> {
  const { sql } = bundle
  const handedOut: Taken[] = []
  let nowMs = Date.now()
  let sent = 0
  for (const next of steps) {
    nowMs += 1 + next.seconds * 1_000
    await setNow(nowMs)
    await remove(next.deletes.flatMap((pick) => handedOut[pick % handedOut.length] ?? []))
    sent += next.sends.length
    await send(next.sends.map((group, i) => [`group ${group}`, `${'x'.repeat(i)} ${sent} ${i}`]))
    if (hasDead) await moveHere()
    await sql.query('SAVEPOINT attempt')
    const expected = await claim('fifo_claim_v3', next)
    await sql.query('ROLLBACK TO SAVEPOINT attempt')
    const actual = await claim('fifo_claim_v4', next)
    expect(actual).toEqual(expected)
    for (const row of actual.rows) {
      if (row.seq_ms === null) continue
      const seq = (BigInt(row.seq_ms as number) << 20n) + BigInt(row.seq_number as number)
      handedOut.push({ seq: String(seq), count: row.receive_count as number })
    }
  }
}

async function send(messages: readonly (readonly [group: string, body: string])[]): Promise<void> {
  const bodies = messages.map(([, body]) => body)
  await bundle.sql.query(
    `SELECT FROM stanchion.fifo_send_v1($1, ARRAY[$2::bigint], ARRAY[$3::integer], array_fill(1, ARRAY[cardinality($4::text[])]), $4,
       array_fill(NULL::text, ARRAY[cardinality($4::text[])]), $5::text[], $4,
       ARRAY(SELECT decode(md5(x), 'hex') FROM unnest($4::text[]) x), 'infinity')`,
    [lane.bucket, lane.lane, lane.version, bodies, messages.map(([group]) => group)],
  )
}

async function remove(taken: readonly Taken[]): Promise<void> {
  await bundle.sql.query(
    `SELECT FROM stanchion.fifo_delete_v1($1, ARRAY[$2::bigint], ARRAY[$5::integer], array_fill(1, ARRAY[cardinality($3::bigint[])]),
       $3::bigint[], $4::integer[], 'infinity', 'infinity')`,
    [lane.bucket, lane.lane, taken.map(({ seq }) => seq), taken.map(({ count }) => count), RETENTION_SECONDS],
  )
}

/** Every third message of the lane came with deliveries of another queue. */
async function moveHere(): Promise<void> {
  await bundle.sql.query(
    `INSERT INTO stanchion.dead_letter (bucket, lane_id, seq, origin_lane, origin_seq, source_queue, receive_count, first_received_at)
     SELECT m.bucket, m.lane_id, m.seq, 999999, m.seq, 'another', 1 + m.ord % 4, stanchion.clock() - interval '1 hour'
     FROM stanchion.message_log m
     WHERE m.bucket = $1 AND m.lane_id = $2 AND m.ord % 3 = 0
       AND NOT EXISTS (SELECT FROM stanchion.dead_letter d WHERE d.lane_id = m.lane_id AND d.seq = m.seq)`,
    [lane.bucket, lane.lane],
  )
}

/** What a claim answers, and what the lane holds after it. */
async function claim(name: string, { receives, timeoutSeconds, isDelayed, bytesMax }: Step) {
  const { rows } = await bundle.sql.query<Record<string, unknown>>(
    `SELECT * FROM stanchion.${name}($1, ARRAY[$2::bigint], ARRAY[$3::integer], ARRAY[$4::integer], ARRAY[$5::integer], ARRAY[$6::integer],
       ARRAY[cardinality($7::integer[])], $7, $8::text[], 43200, 'infinity', 'infinity', $9, ARRAY[NULL::integer], ARRAY[NULL::bigint],
       ARRAY[NULL::integer], ARRAY[NULL::text])`,
    [
      ...[lane.bucket, lane.lane, lane.version, timeoutSeconds, RETENTION_SECONDS, isDelayed ? DELAY_SECONDS : 0],
      ...[receives.map(({ size }) => size), receives.map(({ attempt }) => attempt), bytesMax],
    ],
  )
  const stored: string[] = []
  for (const table of ['fifo_group', 'fifo_cursor', 'fifo_attempt']) {
    const held = await bundle.sql.query(`SELECT t::text AS row FROM stanchion.${table} t ORDER BY t::text`)
    stored.push(...held.rows.map(({ row }) => `${table} ${row}`))
  }
  return { rows, stored }
}
