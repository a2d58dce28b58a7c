import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { type Bundle, bodiesOf, handlesOf, newKey, receiveAll, setup, until } from './helpers/setup.ts'

let bundle: Bundle
const splits: string[] = []
beforeEach(async () => {
  splits.length = 0
  bundle = await setup({ requestDeadlineMs: 3_000, observer: { batchSplit: (operation) => splits.push(operation) } })
})
afterEach(() => bundle.close())

/** Makes the database fail in a chosen way for rows whose body begins with `prefix`. */
async function failOn(prefix: string, sqlState: string, when: 'at once' | 'at commit' = 'at once'): Promise<void> {
  await bundle.sql.query(`
    CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF starts_with(NEW.body, '${prefix}') THEN RAISE EXCEPTION 'made to fail' USING ERRCODE = '${sqlState}'; END IF;
      RETURN NEW;
    END $$`)
  const { rows } = await bundle.sql.query('SELECT table_name FROM stanchion.log_segment')
  for (const { table_name } of rows) {
    const timing = when === 'at commit' ? 'DEFERRABLE INITIALLY DEFERRED' : 'NOT DEFERRABLE'
    await bundle.sql.query(
      `CREATE CONSTRAINT TRIGGER fail AFTER INSERT ON stanchion.${table_name} ${timing} FOR EACH ROW EXECUTE FUNCTION fail()`,
    )
  }
}

async function stopFailing(): Promise<void> {
  await bundle.sql.query('DROP FUNCTION fail() CASCADE')
}

describe('a statement that fails', () => {
  it("G22 G3 because of one row refuses that row's request and stores its neighbours'", async () => {
    const { engine } = bundle
    const key = newKey()
    await engine.createQueue(key)
    await failOn('poison', '22P05')
    const bodies = ['a', 'b', 'poison', 'c', 'd', 'e', 'poison too', 'f']
    const results = await Promise.allSettled(bodies.map((body) => engine.sendMessages(key, [{ body }])))
    expect(results.map((result) => result.status)).toEqual(
      bodies.map((body) => (body.startsWith('poison') ? 'rejected' : 'fulfilled')),
    )
    expect(splits.length).toBeGreaterThan(0)
    expect(bodiesOf(await receiveAll(engine, key))).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
  })

  it('G28 after another part of the call was stored refuses its own messages alone', async () => {
    const { engine } = bundle
    const key = newKey()
    await engine.createQueue(key)
    await failOn('poison', '22P05')
    const plainAndDelayed = [{ body: 'stored' }, { body: 'poison', delaySeconds: 60 }]
    expect(await engine.sendMessages(key, plainAndDelayed)).toMatchObject([
      { ok: true },
      { ok: false, error: { code: 'invalidArgument' } },
    ])
    expect(bodiesOf(await receiveAll(engine, key))).toEqual(['stored'])
  })

  it('G22 because of a message harms neither the deletes nor the receives that shared its statement', async () => {
    const { engine } = bundle
    const key = newKey()
    await engine.createQueue(key)
    await engine.sendMessages(key, [{ body: 'first' }, { body: 'second' }])
    const [first] = await engine.receiveMessages(key, { maxMessages: 1 })
    await failOn('poison', '22P05')
    const [deleted, poison, good, received] = await Promise.allSettled([
      engine.deleteMessages(key, [first?.receiptHandle as string]),
      engine.sendMessages(key, [{ body: 'poison' }]),
      engine.sendMessages(key, [{ body: 'good' }]),
      engine.receiveMessages(key, { maxMessages: 1 }),
    ])
    expect(deleted).toEqual({ status: 'fulfilled', value: [null] })
    expect(poison).toMatchObject({ status: 'rejected', reason: { code: 'invalidArgument' } })
    expect(good).toMatchObject({ status: 'fulfilled', value: [{ ok: true }] })
    expect(received).toMatchObject({ status: 'fulfilled', value: [{ body: 'second' }] })
    expect(await engine.countMessages(key)).toMatchObject({ visible: 1, inFlight: 1 })
  })

  it('G23 at its commit is not acknowledged and stores nothing', async () => {
    const { engine } = bundle
    const key = newKey()
    await engine.createQueue(key)
    await failOn('late', '23000', 'at commit')
    await expect(engine.sendMessages(key, [{ body: 'late' }])).rejects.toMatchObject({ code: 'invalidArgument' })
    expect(await engine.countMessages(key)).toMatchObject({ visible: 0 })
  })

  it('G32 for want of disk space is not acknowledged, loses nothing, and works again without a restart', async () => {
    const { engine } = bundle
    const key = newKey()
    await engine.createQueue(key)
    await engine.sendMessages(key, [{ body: 'before' }])
    await failOn('', '53100')
    await expect(engine.sendMessages(key, [{ body: 'full' }])).rejects.toMatchObject({ code: 'unavailable' })
    await stopFailing()
    await engine.sendMessages(key, [{ body: 'after' }])
    expect(bodiesOf(await receiveAll(engine, key))).toEqual(['before', 'after'])
  })

  it('by a deadlock or a serialisation failure is tried again', async () => {
    const { engine } = bundle
    const key = newKey()
    await engine.createQueue(key)
    await bundle.sql.query(`CREATE SEQUENCE attempt`)
    await bundle.sql.query(`
      CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF nextval('attempt') <= 2 THEN RAISE EXCEPTION 'made to fail' USING ERRCODE = '40P01'; END IF;
        RETURN NEW;
      END $$`)
    const { rows } = await bundle.sql.query('SELECT table_name FROM stanchion.log_segment')
    for (const { table_name } of rows) {
      await bundle.sql.query(
        `CREATE TRIGGER fail BEFORE INSERT ON stanchion.${table_name} FOR EACH ROW EXECUTE FUNCTION fail()`,
      )
    }
    expect(await engine.sendMessages(key, [{ body: 'a' }])).toMatchObject([{ ok: true }])
    expect(bodiesOf(await receiveAll(engine, key))).toEqual(['a'])
  })
})

describe('a lane that is locked', () => {
  it('G24 never executes work whose deadline has passed', async () => {
    const { engine } = bundle
    const key = newKey()
    await engine.createQueue(key)
    await engine.sendMessages(key, [{ body: 'warm up' }])
    await bundle.sql.query('BEGIN')
    await bundle.sql.query('SELECT 1 FROM stanchion.lane WHERE kind = 1 FOR UPDATE')
    const late = await Promise.allSettled(['a', 'b'].map((body) => engine.sendMessages(key, [{ body }])))
    expect(late.map((result) => result.status)).toEqual(['rejected', 'rejected'])
    await bundle.sql.query('COMMIT')
    await engine.sendMessages(key, [{ body: 'after' }])
    expect(bodiesOf(await receiveAll(engine, key))).toEqual(['warm up', 'after'])
  })

  it("G14 does not hold up another queue's sends for longer than its own deadline", async () => {
    const { engine } = bundle
    const [locked, free] = [newKey(), newKey()]
    for (const key of [locked, free]) await engine.createQueue(key)
    await bundle.sql.query('BEGIN')
    await bundle.sql.query(
      `SELECT 1 FROM stanchion.lane l JOIN stanchion.queue q USING (queue_id) WHERE q.name = $1 AND kind = 1 FOR UPDATE OF l`,
      [locked.name],
    )
    const stuck = engine.sendMessages(locked, [{ body: 'x' }])
    stuck.catch(() => undefined)
    expect(await engine.sendMessages(free, [{ body: 'y' }])).toMatchObject([{ ok: true }])
    await bundle.sql.query('COMMIT')
    await stuck
  })
})

describe('a database that goes away', () => {
  it('G28 loses every connection: requests fail or work, and the engine recovers by itself', async () => {
    const { engine } = bundle
    const key = newKey()
    await engine.createQueue(key)
    await engine.sendMessages(key, [{ body: 'before' }])
    const waiting = engine.receiveMessages(key, { maxMessages: 1, waitSeconds: 0 })
    await waiting
    for (let i = 0; i < 3; i++) {
      await bundle.sql.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      )
      const results = await Promise.allSettled(
        Array.from({ length: 20 }, (_, j) => engine.sendMessages(key, [{ body: `${i}.${j}` }])),
      )
      for (const result of results) {
        if (result.status === 'rejected') expect(['unavailable', 'outcomeUnknown']).toContain(result.reason.code)
      }
      await until(() =>
        engine.ping().then(
          () => true,
          () => false,
        ),
      )
    }
    const key2 = newKey()
    await engine.createQueue(key2)
    const received = engine.receiveMessages(key2, { maxMessages: 1, waitSeconds: 5 })
    await engine.sendMessages(key2, [{ body: 'after' }])
    expect(bodiesOf(await received)).toEqual(['after'])
    await engine.deleteMessages(key2, handlesOf(await received))
  })

  it('G28 tells who waits, instead of letting them wait', async () => {
    const { engine } = bundle
    const key = newKey()
    await engine.createQueue(key)
    const received = engine.receiveMessages(key, { maxMessages: 1, waitSeconds: 20 })
    received.catch(() => undefined)
    await until(() => engine.snapshot().waiters === 1)
    const name = new URL(bundle.url.replace('@/', '@localhost/')).pathname.slice(1)
    const admin = new pg.Client({ connectionString: bundle.url.replace(`/${name}`, '/postgres') })
    await admin.connect()
    try {
      await admin.query(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false`)
      await admin.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND application_name LIKE 'stanchion%'`,
        [name],
      )
      await expect(received).rejects.toMatchObject({ code: expect.stringMatching(/unavailable|outcomeUnknown/) })
      await expect(engine.ping()).rejects.toMatchObject({ code: 'unavailable' })
      await expect(engine.sendMessages(key, [{ body: 'x' }])).rejects.toMatchObject({ code: 'unavailable' })
      await expect(engine.getQueue(key)).rejects.toMatchObject({ code: 'unavailable' })
    } finally {
      await admin.query(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS true`)
      await admin.end()
    }
    await until(() =>
      engine.ping().then(
        () => true,
        () => false,
      ),
    )
    expect(await engine.sendMessages(key, [{ body: 'x' }])).toMatchObject([{ ok: true }])
  })
})
