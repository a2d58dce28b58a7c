import { afterAll, beforeAll, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type pg from 'pg'
import { toParameter } from '../src/database/array-parameter.ts'
import type { ClaimedMessage } from '../src/messages/claim-statement.ts'
import { bindManyLanesTick } from '../src/messages/many-lanes-tick.ts'
import { isOfOneLane } from '../src/messages/one-lane-tick.ts'
import { bindTick, type Tick, type TickItems, type TickOutcomes } from '../src/messages/tick.ts'
import { bindFormerTick } from './helpers/former-tick.ts'
import { type Bundle, newKey, setup } from './helpers/setup.ts'

/** The last parameters of a tick say how many bytes a lane hands out, and where its dead letters go. */
const BYTES_MAX = -5
const LANES = 4

interface Lane {
  readonly bucket: number
  readonly lane: number
  readonly version: number
}

interface Step {
  /** Passes before it. */
  readonly seconds: number
  readonly sends: readonly { readonly lane: number; readonly sizes: readonly number[]; readonly delaySeconds: number }[]
  readonly claims: readonly { readonly lane: number; readonly count: number; readonly timeoutSeconds: number }[]
  /** Of all that were handed out, any number of times. */
  readonly deletes: readonly number[]
  readonly bytesMax: number
  /** The lane that all of it is about. */
  readonly only?: number
  readonly isFloored: boolean
  /** Before it, what is over leaves the log. */
  readonly cleans: boolean
}

const lane = fc.nat(LANES)
/** Picks all that were handed out in a run of steps. */
const EVERYTHING = Array.from({ length: 12 * 5 * LANES }, (_, i) => i)
const step: fc.Arbitrary<Step> = fc.record({
  seconds: fc.constantFrom(0, 0, 1, 29, 31, 100),
  sends: fc.uniqueArray(
    fc.record({
      lane,
      sizes: fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 }),
      delaySeconds: fc.constantFrom(0, 0, 0, 20),
    }),
    { selector: (send) => `${send.lane} ${send.delaySeconds > 0}`, maxLength: 2 * LANES },
  ),
  claims: fc.uniqueArray(
    fc.record({ lane, count: fc.integer({ min: 1, max: 5 }), timeoutSeconds: fc.constantFrom(30, 30, 0) }),
    { selector: (claim) => claim.lane, minLength: 1, maxLength: LANES + 1 },
  ),
  deletes: fc.oneof(fc.array(fc.nat(), { maxLength: 12 }), fc.constant(EVERYTHING)),
  bytesMax: fc.constantFrom(8_388_608, 40, 1),
  isFloored: fc.boolean(),
  cleans: fc.boolean(),
})

/** Lanes all of whose messages are gone lose them from the log, too, as with a segment. */
const CLEAN = `DELETE FROM stanchion.message_log m
  WHERE m.seq <= (SELECT max(l.last_seq) FROM stanchion.lease l WHERE l.lane_id = m.lane_id)
    AND NOT EXISTS (SELECT FROM stanchion.lease l WHERE l.lane_id = m.lane_id AND l.remaining > 0)
    AND NOT EXISTS (SELECT FROM stanchion.parked_message p WHERE abs(p.lane_id) = m.lane_id)`

let bundle: Bundle
let lanes: Lane[]
beforeAll(async () => {
  bundle = await setup()
  for (let i = 0; i < 2 * (LANES + 1); i++) await bundle.engine.createQueue({ ...newKey() })
  const { rows } = await bundle.sql.query<Lane>(
    `SELECT bucket, lane_id::integer AS lane, version FROM stanchion.lane
     WHERE kind = 2 AND lane_id > 0 AND bucket = (SELECT bucket FROM stanchion.lane GROUP BY bucket ORDER BY count(*) DESC LIMIT 1)
     ORDER BY lane_id LIMIT $1`,
    [LANES + 1],
  )
  lanes = rows
  // The first one is gone: a tick knows it, and the database does not.
  await bundle.sql.query('DELETE FROM stanchion.lane WHERE lane_id = $1', [rows[0]?.lane])
})
afterAll(() => bundle.close())

it('a tick over many lanes does what one for each of them does, in every state of theirs', async () => {
  await compare(step, bindManyLanesTick, (actual, expected) => {
    expect(withoutDues(actual.outcomes, expected.outcomes)).toEqual(withoutDues(expected.outcomes, expected.outcomes))
  })
})

it('a tick of one lane does what one that could have many does, in every state of it', async () => {
  const ofOneLane = step.map(({ sends, claims, ...rest }) => {
    const only = claims[0]?.lane === 0 ? 0 : 1
    return {
      ...rest,
      only,
      sends: sends.filter(({ delaySeconds }) => delaySeconds === 0).map((send) => ({ ...send, lane: only })),
      claims: claims.slice(0, 1).map((claim) => ({ ...claim, lane: only })),
    }
  })
  // A tick with delays now and then leaves something to those between.
  await compare(fc.oneof({ weight: 4, arbitrary: ofOneLane }, step), bindTick, (actual, expected, items) => {
    if (isOfOneLane(items)) expect(actual.outcomes).toEqual(expected.outcomes)
  })
})

interface Attempt {
  readonly outcomes: TickOutcomes
  /** What the lanes hold after it. */
  readonly stored: readonly string[]
}

type ExpectSame = (actual: Attempt, expected: Attempt, items: TickItems) => void

/** Ticks beside what `tick_v2` does, in a transaction for each run of steps. */
async function compare(arbitrary: fc.Arbitrary<Step>, bind: typeof bindTick, expectSame: ExpectSame): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(arbitrary, { minLength: 2, maxLength: 12 }), async (steps) => {
      const { sql } = bundle
      await sql.query('BEGIN')
      try {
        await run(sql, steps, bind, expectSame)
      } finally {
        await sql.query('ROLLBACK')
      }
    }),
    { numRuns: 40, seed: 5 },
  )
}

async function run(sql: pg.Client, steps: readonly Step[], bind: typeof bindTick, expectSame: ExpectSame) {
  const handedOut: ClaimedMessage[] = []
  let nowMs = Date.now()
  for (const next of steps) {
    nowMs += 1 + next.seconds * 1_000
    await sql.query(
      `CREATE OR REPLACE FUNCTION stanchion.clock() RETURNS timestamptz LANGUAGE sql VOLATILE
       AS 'SELECT ''${new Date(nowMs).toISOString()}''::timestamptz'`,
    )
    if (next.cleans) await sql.query(CLEAN)
    const items = itemsOf(next, handedOut, nowMs)
    const { bucket } = lanes[0] as Lane
    const attempt = async ({ statement: { text }, values, read }: Tick): Promise<Attempt> => {
      await sql.query('SAVEPOINT attempt')
      const parameters = values.with(BYTES_MAX, next.bytesMax).map(toParameter)
      const { rows } = await sql.query<unknown[]>({ text, values: parameters, rowMode: 'array' })
      return { outcomes: read(rows).outcomes, stored: await stored(sql) }
    }
    const expected = await attempt(bindFormerTick(bucket, items, 'infinity'))
    await sql.query('ROLLBACK TO SAVEPOINT attempt')
    const actual = await attempt(bind(bucket, items, 'infinity'))
    expectSame(actual, expected, items)
    expect(actual.stored).toEqual(expected.stored)
    for (const { messages } of actual.outcomes.claim) handedOut.push(...messages)
  }
}

/** When a lane's next message becomes due counts where one tick for each lane would say it. */
function withoutDues(outcomes: TickOutcomes, expected: TickOutcomes): TickOutcomes {
  const claim = outcomes.claim.map((outcome, i) =>
    expected.claim[i]?.nextDueInMs === undefined ? { ...outcome, nextDueInMs: undefined } : outcome,
  )
  return { ...outcomes, claim }
}

function itemsOf(next: Step, handedOut: readonly ClaimedMessage[], nowMs: number) {
  const { bucket } = lanes[0] as Lane
  const own = lanes.filter((_, i) => next.only === undefined || next.only === i)
  const queueLanes = own.map(({ lane }) => lane)
  const deliveries = next.deletes.flatMap((pick) => {
    const message = handedOut[pick % handedOut.length]
    return message === undefined ? [] : [{ ...message, queueId: 1, bucket, seq: seqOf(message) }]
  })
  const sends = next.sends.map(({ lane, sizes, delaySeconds }) => ({
    ...(lanes[lane] as Lane),
    lane: (delaySeconds > 0 ? -1 : 1) * (lanes[lane] as Lane).lane,
    entries: sizes.map((size) => ({ body: 'x'.repeat(size), attributes: null, delaySeconds })),
    bytes: 0,
  }))
  const claims = next.claims.map(({ lane, count, timeoutSeconds }) => ({
    ...(lanes[lane] as Lane),
    // One lane's queue has been changed since this node read it.
    version: (lanes[lane] as Lane).version + (lane === 1 && count === 5 ? 1 : 0),
    count,
    timeoutSeconds,
    retentionSeconds: 120,
    floorMs: next.isFloored ? nowMs - 30_000 : Number.NEGATIVE_INFINITY,
    wait: true,
    trustedNowMs: nowMs,
    isWanted: () => true,
  }))
  return {
    delete: deliveries.length === 0 ? [] : [{ bucket, queueLanes, deliveries }],
    send: sends,
    claim: claims,
  }
}

const seqOf = ({ sentAtMs, counter }: ClaimedMessage) => (BigInt(sentAtMs) << 20n) | BigInt(counter)

/** What the lanes hold, as text. */
async function stored(sql: pg.Client): Promise<string[]> {
  const { rows } = await sql.query<{ line: string }>(
    `SELECT 'log ' || m::text AS line FROM stanchion.message_log m UNION ALL SELECT 'lease ' || l::text FROM stanchion.lease l
     UNION ALL SELECT 'parked ' || p::text FROM stanchion.parked_message p ORDER BY 1`,
  )
  return rows.map(({ line }) => line)
}
