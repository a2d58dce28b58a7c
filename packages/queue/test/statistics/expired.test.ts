import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Database } from '../../src/database/database.ts'
import { readDatabaseTime } from '../../src/database/read-database-time.ts'
import { expireMessages, sumExpired, tidyFifoLanes } from '../../src/services/lane-keeper.ts'
import { type Bundle, handlesOf, newKey, setup } from '../helpers/setup.ts'

let bundle: Bundle
let database: Database
beforeEach(async () => {
  movedSeconds = 0
  bundle = await setup()
  const logger = { debug() {}, info() {}, warn() {}, error() {} }
  database = new Database({ url: bundle.url, pooler: 'none', poolSizeMax: 1, deadlineMs: 10_000, logger }, false)
  await readDatabaseTime(database)
})
afterEach(async () => {
  await database?.close()
  await bundle?.close()
})

let movedSeconds = 0

/** Moves time, in jumps that nodes believe, and does the duties that count what expired. */
async function at(seconds: number): Promise<number> {
  while (movedSeconds < seconds) {
    movedSeconds = Math.min(seconds, movedSeconds + 50)
    await bundle.moveClock(movedSeconds)
    await bundle.engine.ping()
    await readDatabaseTime(database)
  }
  await expireMessages(database.catalogue, database.clock)
  await tidyFifoLanes(database.catalogue, database.clock)
  await sumExpired(database.catalogue)
  const { rows } = await bundle.sql.query('SELECT sum(expired)::integer AS expired FROM stanchion.queue_statistics')
  return rows[0].expired ?? 0
}

describe('expired messages are counted once', () => {
  test('on a standard queue, whether nobody claimed them, they are delayed, leased or came back', async () => {
    const key = newKey()
    const { engine } = bundle
    await engine.createQueue({ ...key, settings: { retentionSeconds: 60 } })
    await engine.sendMessages(key, [{ body: 'deleted' }, { body: 'leased' }, { body: 'back' }, { body: 'waits' }])
    const messages = await engine.receiveMessages(key, {
      maxMessages: 3,
      visibilityTimeoutSeconds: 3_000,
      waitSeconds: 0,
    })
    await engine.deleteMessages(key, handlesOf(messages.slice(0, 1)))
    await engine.changeVisibility(key, [
      { receiptHandle: messages[2]?.receiptHandle as string, visibilityTimeoutSeconds: 0 },
    ])
    await engine.sendMessages(key, [{ body: 'delayed', delaySeconds: 30 }])
    expect(await at(0)).toBe(0)
    // The lease is the newest of its lane, which stays as the cursor; what it holds counts when there is a newer one.
    expect(await at(61)).toBe(3)
    expect(await at(62)).toBe(3)
    await engine.sendMessages(key, [{ body: 'young' }, { body: 'young' }])
    await engine.receiveMessages(key, { maxMessages: 1, waitSeconds: 0 })
    expect(await at(63)).toBe(4)
    expect(await at(200)).toBe(5)
  })

  test('on a FIFO queue, sorted into groups or not', async () => {
    const key = { ...newKey(), name: 'expiring.fifo' }
    const { engine } = bundle
    await engine.createQueue({ ...key, fifo: { contentBasedDeduplication: true }, settings: { retentionSeconds: 60 } })
    await engine.sendMessages(
      key,
      [1, 2, 3].map((n) => ({ body: `${n}`, groupId: 'a' })),
    )
    await engine.receiveMessages(key, { maxMessages: 1, visibilityTimeoutSeconds: 30, waitSeconds: 0 })
    await engine.sendMessages(
      key,
      [4, 5].map((n) => ({ body: `${n}`, groupId: 'b' })),
    )
    expect(await at(0)).toBe(0)
    expect(await at(61)).toBe(5)
    expect(await at(62)).toBe(5)
  })
})
