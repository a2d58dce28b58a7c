import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { toState } from '../../src/fifo/fifo-settle-statement.ts'
import { type FifoLane, laneOf, newFifo, sendTo } from '../helpers/fifo-queue.ts'
import { deleteOn, type FifoMessage, keyOf, sendOn, type Taken } from '../helpers/fifo-statements.ts'
import { type Bundle, setup } from '../helpers/setup.ts'

const RETENTION_SECONDS = 120
const DELAY_SECONDS = 20

type Patch = readonly [name: string, ...texts: readonly (readonly [from: string, to: string])[]]

/** What is replaced in functions so that two claims can be compared: groups that are level may come in any order, here it is that of their names. */
const PATCHES: readonly Patch[] = ['fifo_take_v3', 'fifo_take_v4'].map((name) => [
  name,
  ['ORDER BY f.ready_at, f.claimed_seq LIMIT', 'ORDER BY f.ready_at, f.claimed_seq, f.group_id LIMIT'],
  ['ORDER BY ready_at, claimed_seq LIMIT', 'ORDER BY ready_at, claimed_seq, group_id LIMIT'],
])

/** And where dead letters are: however many groups arrive, the former claim sorts all of them in. */
const DEAD_PATCHES: readonly Patch[] = [
  ['fifo_sort_v1', ['SELECT p_wanted - count(*) INTO room', 'SELECT 1000000 + count(*) INTO room']],
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
  /** Of all that were handed out, any number of times. */
  readonly deletes: readonly number[]
}

type Claim = Pick<Step, 'receives' | 'timeoutSeconds' | 'isDelayed'> & { readonly bytesMax?: number }

const ONE_RECEIVE: Claim = { receives: [{ size: 10, attempt: null }], timeoutSeconds: 30, isDelayed: false }

const step: fc.Arbitrary<Step> = fc.record({
  seconds: fc.constantFrom(0, 0, 0, 1, 31, 100),
  sends: fc.array(fc.nat(7), { maxLength: 30 }),
  receives: fc.uniqueArray(
    fc.record({ size: fc.integer({ min: 0, max: 10 }), attempt: fc.constantFrom(null, null, 1, 2) }),
    { minLength: 1, maxLength: 4, comparator: (a, b) => a.attempt !== null && a.attempt === b.attempt },
  ),
  timeoutSeconds: fc.constantFrom(30, 30, 0),
  isDelayed: fc.nat(5).map((n) => n === 0),
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
  'sends, deletes and claims do what those of the release before did, in every state of a lane%s',
  async (_, hasDead) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 12 }), async (steps) => {
        await bundle.sql.query('BEGIN')
        try {
          await makeComparable(hasDead ? [...PATCHES, ...DEAD_PATCHES] : PATCHES)
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

describe('of what has just arrived', () => {
  beforeEach(async () => {
    lane = await laneOf(bundle.sql, await newFifo(bundle.engine))
  })
  const message = (group: string, id: string): FifoMessage => ({ group, id })
  const receive = async (bytesMax: number) => {
    const rows = await claim('fifo_claim_v5', { ...ONE_RECEIVE, bytesMax })
    return { bodies: rows.flatMap(({ body }) => body ?? []), hasMore: rows.at(-1)?.has_more }
  }

  it('a claim takes half of the bytes it may hand out, and comes back for the rest', async () => {
    await sendOn(bundle.sql, lane, [message('a', 'a: 20 bytes of them.'), message('b', 'b: 20 bytes of them.')])
    await sendOn(bundle.sql, lane, [message('c', 'c: 20 bytes of them.')])
    expect(await receive(80)).toEqual({ bodies: ['a: 20 bytes of them.', 'b: 20 bytes of them.'], hasMore: true })
    expect(await receive(80)).toEqual({ bodies: ['c: 20 bytes of them.'], hasMore: false })
  })

  it('one message always goes, however large its group is', async () => {
    await sendOn(bundle.sql, lane, [message('a', 'a: the first of two'), message('a', 'a: the second of two')])
    await sendOn(bundle.sql, lane, [message('b', 'b')])
    expect(await receive(1)).toEqual({ bodies: ['a: the first of two'], hasMore: true })
    expect(await receive(1)).toEqual({ bodies: ['b'], hasMore: false })
  })
})

describe('a delete says when the groups that it opened can be received from', () => {
  it.each([
    ['nothing when none is left of them', ['a 1'], null],
    ['now when the next message was never handed out', ['a 1', 'a 2'], 0],
  ])('%s', async (_, ids, opensInMs) => {
    lane = await laneOf(bundle.sql, await newFifo(bundle.engine))
    const [first] = await sendOn(
      bundle.sql,
      lane,
      ids.map((id) => ({ group: 'a', id })),
    )
    await claim('fifo_claim_v5', { ...ONE_RECEIVE, receives: [{ size: 1, attempt: null }] })
    expect(await deleteOn(bundle.sql, lane, [{ seq: first?.seq ?? '', count: 1 }], RETENTION_SECONDS)).toEqual([
      { state: 'done', opensInMs },
    ])
  })
})

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

async function makeComparable(patches: readonly Patch[]): Promise<void> {
  for (const [name, ...texts] of patches) {
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
  const handedOut: Taken[] = []
  let nowMs = Date.now()
  let sent = 0
  for (const next of steps) {
    nowMs += 1 + next.seconds * 1_000
    await setNow(nowMs)
    const deletes = next.deletes.flatMap((pick) => handedOut[pick % handedOut.length] ?? [])
    await same(
      () => removeBefore(deletes),
      () => remove(deletes),
    )
    sent += next.sends.length
    const messages = next.sends.map(
      (group, i): FifoMessage => ({ group: `group ${group}`, id: `${sent % 50} ${i % 20}` }),
    )
    await same(
      () => sendBefore(messages),
      () => send(messages),
    )
    if (hasDead) await moveHere()
    const rows = await same(
      () => claim('fifo_claim_v4', next),
      () => claim('fifo_claim_v5', next),
    )
    for (const row of rows) {
      if (row.seq_ms === null) continue
      const seq = (BigInt(row.seq_ms as number) << 20n) + BigInt(row.seq_number as number)
      handedOut.push({ seq: String(seq), count: row.receive_count as number })
    }
  }
}

/** Does the first and takes it back, does the second, and compares what they answered and what the lane holds after them. */
async function same<Answer>(before: () => Promise<Answer>, now: () => Promise<Answer>): Promise<Answer> {
  await bundle.sql.query('SAVEPOINT attempt')
  const expected = [await before(), await held()]
  await bundle.sql.query('ROLLBACK TO SAVEPOINT attempt')
  const answer = await now()
  expect([answer, await held()]).toEqual(expected)
  return answer
}

/** What the lane holds; messages of an attempt stand in the order of their groups, which is no part of the contract. */
async function held(): Promise<string[]> {
  const { rows } = await bundle.sql.query<{ row: string }>(
    `SELECT 'group ' || t::text AS row FROM stanchion.fifo_group t
     UNION ALL SELECT 'cursor ' || t::text FROM stanchion.fifo_cursor t
     UNION ALL SELECT 'id ' || t::text FROM stanchion.fifo_deduplication t
     UNION ALL SELECT 'message ' || t::text FROM stanchion.message_log t
     UNION ALL SELECT concat_ws(' ', 'attempt', t.lane_id, t.attempt_id, t.claimed_at, t.visible_at,
       (SELECT array_agg(u ORDER BY u.seq) FROM unnest(t.seqs, t.receive_counts) u(seq, count))) FROM stanchion.fifo_attempt t
     ORDER BY 1`,
  )
  return rows.map(({ row }) => row)
}

/** What was answered for each entry. */
async function sendBefore(messages: readonly FifoMessage[]): Promise<[seq: string, isDuplicate: boolean][]> {
  const { rows } = await bundle.sql.query<{ seq: string; is_duplicate: boolean }>(
    `SELECT seq, is_duplicate FROM stanchion.fifo_send_v1($1, ARRAY[$2::bigint], ARRAY[$3::integer], array_fill(1, ARRAY[cardinality($4::text[])]),
       $4, array_fill(NULL::text, ARRAY[cardinality($4::text[])]), $5::text[], $4, $6::bytea[], 'infinity') ORDER BY entry`,
    [
      lane.bucket,
      lane.lane,
      lane.version,
      messages.map(({ id }) => id),
      messages.map(({ group }) => group),
      messages.map((message) => Buffer.from(keyOf(message), 'latin1')),
    ],
  )
  return rows.map((row) => [row.seq, row.is_duplicate])
}

async function send(messages: readonly FifoMessage[]): Promise<[seq: string, isDuplicate: boolean][]> {
  if (messages.length === 0) return []
  const sent = await sendOn(bundle.sql, lane, messages)
  return sent.map(({ seq, isDuplicate }) => [seq, isDuplicate])
}

/** What became of each delivery, and when the first group that was opened can be received from; the release before said 0 where none was. */
async function removeBefore(taken: readonly Taken[]): Promise<readonly [state: string, opensInMs: number][]> {
  const { rows } = await bundle.sql.query<{ outcome: number; opens_in_ms: number | null }>(
    `SELECT outcome, opens_in_ms FROM stanchion.fifo_delete_v1($1, ARRAY[$2::bigint], ARRAY[$5::integer],
       array_fill(1, ARRAY[cardinality($3::bigint[])]), $3::bigint[], $4::integer[], 'infinity', 'infinity') ORDER BY entry`,
    [lane.bucket, lane.lane, taken.map(({ seq }) => seq), taken.map(({ count }) => count), RETENTION_SECONDS],
  )
  return rows.map((row) => [toState(row.outcome), row.opens_in_ms ?? 0])
}

async function remove(taken: readonly Taken[]): Promise<readonly [state: string, opensInMs: number][]> {
  if (taken.length === 0) return []
  const outcome = await deleteOn(bundle.sql, lane, taken, RETENTION_SECONDS)
  return outcome.map(({ state, opensInMs }) => [state, opensInMs ?? 0])
}

/** Every third message of the lane, the first one among them, came with deliveries of another queue. */
async function moveHere(): Promise<void> {
  await bundle.sql.query(
    `INSERT INTO stanchion.dead_letter (bucket, lane_id, seq, origin_lane, origin_seq, source_queue, receive_count, first_received_at)
     SELECT m.bucket, m.lane_id, m.seq, 999999, m.seq, 'another', 1 + m.ord % 4, stanchion.clock() - interval '1 hour'
     FROM stanchion.message_log m
     WHERE m.bucket = $1 AND m.lane_id = $2 AND m.ord % 3 = 1
       AND NOT EXISTS (SELECT FROM stanchion.dead_letter d WHERE d.lane_id = m.lane_id AND d.seq = m.seq)`,
    [lane.bucket, lane.lane],
  )
}

/** What a claim answers. The groups of one receive may stand in any order. */
async function claim(name: string, { receives, timeoutSeconds, isDelayed, bytesMax = 8_388_608 }: Claim) {
  const { rows } = await bundle.sql.query<Record<string, unknown>>(
    `SELECT * FROM stanchion.${name}($1, ARRAY[$2::bigint], ARRAY[$3::integer], ARRAY[$4::integer], ARRAY[$5::integer], ARRAY[$6::integer],
       ARRAY[cardinality($7::integer[])], $7, $8::text[], 43200, 'infinity', 'infinity', $9, ARRAY[NULL::integer], ARRAY[NULL::bigint],
       ARRAY[NULL::integer], ARRAY[NULL::text])`,
    [
      ...[lane.bucket, lane.lane, lane.version, timeoutSeconds, RETENTION_SECONDS, isDelayed ? DELAY_SECONDS : 0],
      ...[receives.map(({ size }) => size), receives.map(({ attempt }) => attempt), bytesMax],
    ],
  )
  const place = (row: Record<string, unknown>) => `${row.receive ?? '~'} ${row.group_id}`
  return rows.sort((a, b) => (place(a) < place(b) ? -1 : Number(place(a) > place(b))))
}
