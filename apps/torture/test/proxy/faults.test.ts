import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { createTestDatabase, type TestDatabase } from '@stanchion/testing'
import type { ArmedFault, SeenFrame } from '../../src/proxy/fault.ts'
import { answersOf, requestsOf } from '../../src/proxy/postgres-proxy.ts'
import { QueueUnderTest } from '../../src/proxy/sweep/queue-under-test.ts'
import { claimOf, type RestAnswer } from '../../src/proxy/sweep/rest-api.ts'
import { type ServerBehindProxy, startServerBehindProxy } from '../../src/proxy/sweep/sweep-server.ts'

const DEADLINE_MS = 2_000
/** What a busy machine may add to a moment that is promised; less than another deadline would. */
const SLACK_MS = 1_500
const SEND = /stanchion\.send_/
const isCommitOfCreate = ({ type, statement }: SeenFrame) =>
  type === 'CommandComplete' &&
  statement.text === 'commit' &&
  statement.transaction.some((text) => /^insert into "stanchion"\."queue"/.test(text))
const CATALOGUE_CONNECTIONS = 4

let database: TestDatabase
let node: ServerBehindProxy
let other: ServerBehindProxy
beforeAll(async () => {
  database = await createTestDatabase()
  const env = { STANCHION_REQUEST_DEADLINE_MS: String(DEADLINE_MS) }
  node = await startServerBehindProxy(database.url, env)
  other = await startServerBehindProxy(database.url, env)
}, 60_000)
afterAll(async () => {
  await node.stop()
  await other.stop()
  await database.drop()
})
afterEach(() => {
  for (const { proxy } of [node, other]) {
    proxy.resume()
    proxy.setLatency(0)
  }
})

/** The stalled connection, once the server has given it up; with what it takes for that. */
async function discarded(fault: ArmedFault): Promise<void> {
  const { connection } = await fault.hit
  await node.proxy.connections.find(({ number }) => number === connection.number)?.clientGone
}

async function timed<T>(work: Promise<T>): Promise<{ readonly result: T; readonly ms: number }> {
  const startedAtMs = performance.now()
  const result = await work
  return { result, ms: performance.now() - startedAtMs }
}

const bodiesOf = async (queue: QueueUnderTest) => (await queue.standing()).map(({ body }) => body).sort()

describe('a connection that stalls', () => {
  it('G3 G28 in the middle of an answer: the outcome is unknown at the deadline, and nobody else gets the connection', async () => {
    const queue = await QueueUnderTest.create(node.api, 'stalled-answer')
    const fault = node.proxy.arm({ matches: answersOf(SEND, 'CommandComplete'), at: 'inside', action: 'stall' })
    const { result, ms } = await timed(node.api.call('POST', `${queue.path}/messages`, { body: 'stalled' }))
    expect(result).toMatchObject({ status: 503, body: { code: 'outcomeUnknown' }, mayRetry: false })
    expect(ms).toBeLessThan(DEADLINE_MS + SLACK_MS)
    await discarded(fault)
    expect(await bodiesOf(queue)).toEqual(['stalled'])
    await queue.send(['next'])
    // Nor does the answer that comes late, after all, disturb anybody.
    node.proxy.resume()
    await queue.send(['last'])
    expect(await bodiesOf(queue)).toEqual(['last', 'next', 'stalled'])
  })

  it('G24 before a request came through: what arrives after the deadline takes no effect', async () => {
    const queue = await QueueUnderTest.create(node.api, 'stalled-request')
    const fault = node.proxy.arm({ matches: requestsOf(SEND), at: 'before', action: 'stall' })
    const { body } = await node.api.call('POST', `${queue.path}/messages`, { body: 'late' })
    expect(body.code).toBe('outcomeUnknown')
    const { connection } = await fault.hit
    const stalled = node.proxy.connections.find(({ number }) => number === connection.number)
    await discarded(fault)
    const runs = node.proxy.next(requestsOf(SEND, 'Sync'))
    node.proxy.resume()
    await runs
    await stalled?.postgresGone
    expect(await bodiesOf(queue)).toEqual([])
  })

  /**
   * Asks so many things at once, each of which stalls where this matches, and waits until the connections are given up. A background
   * duty may have one of them meanwhile: then one of the things never gets to the database.
   */
  async function stallAll(matches: (frame: SeenFrame) => boolean, asked: readonly (() => Promise<RestAnswer>)[]) {
    const faults = asked.map((_, i) => node.proxy.arm({ matches, occurrence: i + 1, at: 'inside', action: 'stall' }))
    const answers = await Promise.all(asked.map((ask) => timed(ask())))
    for (const fault of faults) {
      fault.disarm()
      if (fault.isHit) await discarded(fault)
    }
    for (const { ms } of answers) expect(ms).toBeLessThan(DEADLINE_MS + SLACK_MS)
    const claims = answers.map(({ result }) => claimOf(result))
    expect(claims).not.toContain('done')
    expect(claims.filter((claim) => claim === 'unknown')).toHaveLength(faults.filter(({ isHit }) => isHit).length)
    expect(claims.filter((claim) => claim === 'unknown').length).toBeGreaterThanOrEqual(CATALOGUE_CONNECTIONS / 2)
    return claims
  }

  it('G3 G28 in the answer of a COMMIT of the catalogue, all of them at once: unknown at the deadline, and then it works again', async () => {
    const names = Array.from({ length: CATALOGUE_CONNECTIONS }, (_, i) => `stalled-commit-${i}`)
    const claims = await stallAll(
      isCommitOfCreate,
      names.map((name) => () => node.api.call('POST', '/queues', { name })),
    )
    const found = await Promise.all(names.map(async (name) => (await node.api.call('GET', `/queues/${name}`)).status))
    expect(found).toEqual(claims.map((claim) => (claim === 'unknown' ? 200 : 404)))
    await QueueUnderTest.create(node.api, 'after-stalled-commits')
  })

  it('G28 in the answer of a read of the catalogue, all of them at once: an error at the deadline, and then it works again', async () => {
    const queue = await QueueUnderTest.create(node.api, 'stalled-read')
    const ask = () => node.api.call('GET', queue.path)
    await stallAll(
      answersOf(/^select "q"\.\*/, 'DataRow'),
      Array.from({ length: CATALOGUE_CONNECTIONS }, () => ask),
    )
    await node.api.must('GET', queue.path)
  })
})

describe('a database that goes silent', () => {
  it('G28 answers nobody later than the deadline, not even those who waited for others first', async () => {
    const queue = await QueueUnderTest.create(node.api, 'silent')
    const ask = () => timed(node.api.call('POST', `${queue.path}/messages`, { body: 'a' }))
    node.proxy.setDoor('stall')
    for (const connection of node.proxy.connections) connection.stall()
    const first = ask()
    // Once this is answered the first one is under way, and those that come now share the next statement.
    await node.api.metric('stanchion_waiters')
    const answers = await Promise.all([first, ask(), ask(), ask()])
    node.proxy.setDoor('open')
    for (const { result, ms } of answers) {
      expect(result.status).toBe(503)
      // Less than the time that a connection may take to be made, which they must not wait for as well.
      expect(ms).toBeLessThan(DEADLINE_MS * 1.4)
    }
  })
})

describe('a connection that is half closed', () => {
  it('G3 by Postgres before its answer: the outcome is unknown, and the next request finds another connection', async () => {
    const queue = await QueueUnderTest.create(node.api, 'half-closed-answer')
    const fault = node.proxy.arm({ matches: answersOf(SEND, 'CommandComplete'), at: 'before', action: 'halfClose' })
    const { body } = await node.api.call('POST', `${queue.path}/messages`, { body: 'a' })
    expect(body.code).toBe('outcomeUnknown')
    await discarded(fault)
    await queue.send(['b'])
    expect(await bodiesOf(queue)).toEqual(['a', 'b'])
  })

  it('G1 towards Postgres behind a request: it is answered', async () => {
    const queue = await QueueUnderTest.create(node.api, 'half-closed-request')
    const fault = node.proxy.arm({ matches: requestsOf(SEND, 'Sync'), at: 'after', action: 'halfClose' })
    await queue.send(['a'])
    await discarded(fault)
    await queue.send(['b'])
    expect(await bodiesOf(queue)).toEqual(['a', 'b'])
  })
})

describe('what nodes tell each other', () => {
  const isNotice = ({ type, bytes }: SeenFrame) =>
    type === 'NotificationResponse' && /[0-9a-f]{8} \d+:\d+/.test(bytes.toString())

  it('G4 G27 a notice that is lost costs a safety tick: the message is received all the same', async () => {
    const queue = await QueueUnderTest.create(node.api, 'lost-notice')
    const fault = other.proxy.arm({ matches: isNotice, action: 'drop' })
    const received = timed(other.api.must('POST', `${queue.path}/receive`, { waitSeconds: 20 }))
    while ((await other.api.metric('stanchion_waiters')) === 0);
    await queue.send(['a'])
    const { result, ms } = await received
    await fault.hit
    fault.disarm()
    expect(result.messages).toMatchObject([{ body: 'a' }])
    expect(ms).toBeLessThan(2_000 + SLACK_MS)
  })

  it('G4 G27 a connection for notices that is cut in the middle of one comes back, and notices with it', async () => {
    const queue = await QueueUnderTest.create(node.api, 'cut-notice')
    const fault = other.proxy.arm({ matches: isNotice, at: 'inside', action: 'reset' })
    const received = other.api.must('POST', `${queue.path}/receive`, { waitSeconds: 20 })
    while ((await other.api.metric('stanchion_waiters')) === 0);
    const listens = other.proxy.next(answersOf(/^LISTEN /, 'ReadyForQuery'))
    await queue.send(['a'])
    expect((await received).messages).toMatchObject([{ body: 'a' }])
    expect(fault.isHit).toBe(true)
    await listens
    const noticed = other.proxy.next(isNotice)
    await queue.send(['b'])
    await noticed
  })
})

describe('a database that is far away', () => {
  it('G1 G2 G5 G10 at 50 ms each way everything is as it is nearby, and what arrives together shares statements', async () => {
    const queue = await QueueUnderTest.create(node.api, 'far-away')
    const bodies = Array.from({ length: 50 }, (_, i) => `a${String(i).padStart(2, '0')}`)
    node.proxy.setLatency(50)
    let statements = 0
    const stop = node.proxy.onFrame((frame) => {
      if (requestsOf(SEND, 'Sync')(frame)) statements++
    })
    const sent = await Promise.all(bodies.map((body) => node.api.call('POST', `${queue.path}/messages`, { body })))
    stop()
    expect(sent.filter(({ status }) => status !== 201)).toEqual([])
    expect(statements).toBeLessThan(bodies.length / 2)
    const leased = await queue.receive(bodies)
    await Promise.all(
      leased.map(({ receiptHandle }) => node.api.must('DELETE', `${queue.path}/leases/${receiptHandle}`)),
    )
    expect(await queue.standing()).toEqual([])
  })
})

describe('receives that wait', () => {
  it('G4 go on when every idle connection of the node is cut, and get what is sent then', async () => {
    const queue = await QueueUnderTest.create(node.api, 'idle-cut')
    const received = node.api.must('POST', `${queue.path}/receive`, { waitSeconds: 20 })
    while ((await node.api.metric('stanchion_waiters')) === 0);
    await node.proxy.finishIdle(() => true)
    const sent = await node.api.call('POST', `${queue.path}/messages`, { body: 'a' })
    // The send itself may have found out that its connection is gone.
    if (sent.status !== 201) await queue.send(['a'])
    expect((await received).messages).toMatchObject([{ body: 'a' }])
  })

  it.each(['before', 'inside', 'after'] as const)(
    'G4 G27 go on when the connection breaks %s the question whether anything is ready',
    async (at) => {
      const queue = await QueueUnderTest.create(node.api, `question-cut-${at}`)
      const fault = node.proxy.arm({ matches: requestsOf(/stanchion\.ready_lanes_/), at, action: 'finish' })
      const received = node.api.must('POST', `${queue.path}/receive`, { waitSeconds: 20 })
      await fault.hit
      await node.proxy.next(answersOf(/stanchion\.ready_lanes_/, 'ReadyForQuery'))
      await queue.send(['a'])
      expect((await received).messages).toMatchObject([{ body: 'a' }])
    },
  )

  it('G28 are answered when the connection breaks that asks for them, and stay no longer', async () => {
    const queue = await QueueUnderTest.create(node.api, 'poll-cut')
    const hasLooked = node.proxy.next(answersOf(/stanchion\.claim_/, 'ReadyForQuery'))
    const poll = node.api.call('POST', `${queue.path}/receive`, { waitSeconds: 20 })
    await hasLooked
    const isTheirs = ({ type, bytes }: SeenFrame) => type === 'DataRow' && bytes.includes('never-answered')
    node.proxy.arm({ matches: isTheirs, at: 'inside', action: 'finish' })
    const sent = await node.api.call('POST', `${queue.path}/messages`, { body: 'never-answered' })
    // The claim rides in the statement of the send, so neither learns what became of it.
    expect(sent.body.code).toBe('outcomeUnknown')
    expect((await poll).body.code).toBe('outcomeUnknown')
    expect(await node.api.metric('stanchion_waiters')).toBe(0)
    expect(await queue.standing()).toMatchObject([{ body: 'never-answered', receiveCount: 1 }])
  })
})
