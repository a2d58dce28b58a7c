import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { ReceivedMessage } from '@stanchion/queue'
import { ACCOUNT_ID, type ExaminedServer, startExaminedServer } from '../helpers/examined-server.ts'

let server: ExaminedServer
beforeAll(async () => {
  server = await startExaminedServer()
})
afterEach(async () => {
  const { queues } = await server.engine.listQueues({ accountId: ACCOUNT_ID, limit: 1_000 })
  for (const { name } of queues) await server.engine.deleteQueue({ accountId: ACCOUNT_ID, name })
})
afterAll(() => server?.stop())

const receive = (name: string, visibilityTimeoutSeconds = 30): Promise<ReceivedMessage[]> =>
  server.engine.receiveMessages(
    { accountId: ACCOUNT_ID, name },
    { maxMessages: 10, waitSeconds: 0, visibilityTimeoutSeconds },
  )
const send = (name: string, count = 1) =>
  server.engine.sendMessages(
    { accountId: ACCOUNT_ID, name },
    Array.from({ length: count }, (_, i) => ({ body: `message ${i}` })),
  )

describe('consumers', () => {
  test('queue-not-received tells of a queue with messages that nobody receives, until somebody does', async () => {
    const thresholds = { notReceivedSeconds: 0 }
    await server.createQueue('orders')
    await server.untilPassed('queue-not-received', thresholds)
    await send('orders', 2)
    expect(await server.untilFound('queue-not-received', thresholds)).toMatchObject([
      {
        severity: 'warning',
        subject: 'queue orders',
        queue: { accountId: ACCOUNT_ID, name: 'orders' },
        summary: expect.stringMatching(
          /^Nobody received from the queue orders in the last .*, and [12] messages? waits? there/,
        ),
        advice: expect.stringContaining('stanchion queue purge orders'),
        runbook: 'docs/operate/runbooks/messages-not-received.md',
      },
    ])
    expect(await server.outcome('queue-not-received')).toMatchObject({
      outcome: 'skipped',
      reason: expect.stringMatching(/^This node has watched its queues for \d+ seconds? only/),
    })
    await receive('orders', 0)
    await server.untilPassed('queue-not-received', thresholds)
  })

  test('queue-not-received does not mean dead-letter queues, which wait for a person', async () => {
    await server.createQueue('dead')
    await server.createQueue('orders', { deadLetter: { queueName: 'dead', receiveCountMax: 3 } })
    await send('dead')
    await send('orders')
    const found = await server.untilFound('queue-not-received', { notReceivedSeconds: 0 })
    expect(found.map(({ subject }) => subject)).toEqual(['queue orders'])
  })

  test('leases-expiring tells of leases that ended by themselves, and with what share of the deliveries', async () => {
    const thresholds = { leasesExpired: 2 }
    await server.createQueue('slow')
    await send('slow', 2)
    expect(await receive('slow', 30)).toHaveLength(2)
    await server.untilPassed('leases-expiring', thresholds)
    await server.passTime(31)
    expect(await receive('slow', 30)).toHaveLength(2)
    expect(await server.untilFound('leases-expiring', thresholds)).toMatchObject([
      {
        severity: 'warning',
        summary: expect.stringMatching(
          /^2 leases of the queue slow ended before .*, 50 % of its deliveries\. Its visibility timeout is 30 seconds/,
        ),
        advice: expect.stringContaining('stanchion queue update slow --visibility-timeout-seconds 60'),
        runbook: 'docs/operate/runbooks/leases-keep-expiring.md',
      },
    ])
    expect(await server.findings('leases-expiring', { ...thresholds, leasesExpiredShare: 0.6 })).toEqual([])
    expect(await server.findings('leases-expiring')).toEqual([])
  })

  test('messages-expiring tells of messages that nobody handled in time', async () => {
    await server.createQueue('late', { settings: { retentionSeconds: 60 } })
    await send('late', 3)
    await server.untilPassed('messages-expiring')
    await server.passTime(90)
    // What the duties do once a minute.
    await server.sql.query(`SELECT stanchion.expire_lanes_v2(l.bucket, 0, 200, 10000, stanchion.clock())
      FROM (SELECT DISTINCT bucket FROM stanchion.lane) l`)
    await server.sql.query('SELECT stanchion.sum_expired_v1()')
    expect(await server.untilFound('messages-expiring')).toMatchObject([
      {
        severity: 'critical',
        subject: 'queue late',
        summary: expect.stringMatching(/^\d messages? of the queue late went unprocessed .* retention of 60 seconds/),
        advice: expect.stringContaining('stanchion queue update late --retention-seconds'),
        runbook: 'docs/operate/runbooks/oldest-message-too-old.md',
      },
    ])
  })
})

describe('dead letters', () => {
  test('dead-letters-expiring tells how long the oldest one has left', async () => {
    await server.createQueue('dead', { settings: { retentionSeconds: 60 } })
    await server.createQueue('orders', { deadLetter: { queueName: 'dead', receiveCountMax: 1 } })
    await send('dead', 2)
    await server.untilPassed('dead-letters-expiring')
    await server.passTime(46)
    const found = await server.untilFound('dead-letters-expiring')
    expect(found).toMatchObject([
      {
        severity: 'critical',
        subject: 'dead-letter queue dead',
        advice: expect.stringMatching(/stanchion redrive start dead.* To win time: stanchion queue update dead/),
        runbook: 'docs/operate/runbooks/dead-letters-expire-soon.md',
      },
    ])
    expect(found[0]?.summary).toMatch(
      /^The oldest of 2 dead letters in dead goes for good in \d+ seconds?: it is 4\d seconds old/,
    )
  })

  test('dead-letters-growing tells whose messages die', async () => {
    const thresholds = { deadLetters: 2 }
    await server.createQueue('dead')
    await server.createQueue('orders', { deadLetter: { queueName: 'dead', receiveCountMax: 1 } })
    await send('orders', 2)
    expect(await receive('orders', 0)).toHaveLength(2)
    await server.untilPassed('dead-letters-growing', thresholds)
    expect(await receive('orders', 0)).toHaveLength(0)
    expect(await server.untilFound('dead-letters-growing', thresholds)).toMatchObject([
      {
        severity: 'warning',
        subject: 'dead-letter queue dead',
        summary: expect.stringMatching(/^2 messages from orders became dead letters in dead in the last/),
        runbook: 'docs/operate/runbooks/dead-letters-grow.md',
      },
    ])
    expect(await server.findings('dead-letters-growing')).toEqual([])
  })

  test('dead-letter-queue-missing tells of a dead-letter queue that was deleted', async () => {
    const dead = await server.createQueue('dead')
    await server.createQueue('orders', { deadLetter: { queueName: 'dead', receiveCountMax: 1 } })
    expect(await server.findings('dead-letter-queue-missing')).toEqual([])
    await server.engine.deleteQueue(dead)
    expect(await server.findings('dead-letter-queue-missing')).toMatchObject([
      { severity: 'warning', subject: 'queue orders', advice: expect.stringContaining('stanchion queue create dead') },
    ])
  })

  test('dead-letter-retention-shorter names the queues that keep messages longer', async () => {
    await server.createQueue('dead', { settings: { retentionSeconds: 3_600 } })
    await server.createQueue('brief', {
      deadLetter: { queueName: 'dead', receiveCountMax: 1 },
      settings: { retentionSeconds: 3_600 },
    })
    expect(await server.findings('dead-letter-retention-shorter')).toEqual([])
    await server.createQueue('orders', { deadLetter: { queueName: 'dead', receiveCountMax: 1 } })
    expect(await server.findings('dead-letter-retention-shorter')).toMatchObject([
      {
        severity: 'warning',
        summary: expect.stringMatching(
          /^The dead-letter queue dead keeps messages for 60 minutes and orders for up to 4 days/,
        ),
        advice: 'stanchion queue update dead --retention-seconds 1209600.',
      },
    ])
  })
})

test('move-task-resting tells of a move task that does not go on', async () => {
  await server.createQueue('dead')
  await server.createQueue('orders', { deadLetter: { queueName: 'dead', receiveCountMax: 1 } })
  await send('orders', 3)
  await receive('orders', 0)
  await receive('orders', 0)
  const task = await server.engine.startMoveTask({ accountId: ACCOUNT_ID, name: 'dead' }, { messagesPerSecondMax: 1 })
  expect(await server.findings('move-task-resting')).toEqual([])
  // Somebody holds its row, so no node can do its next step.
  const holder = await server.session()
  await holder.query('BEGIN; SELECT FROM stanchion.move_task FOR UPDATE')
  expect(await server.untilFound('move-task-resting', { moveTaskRestSeconds: 1 })).toMatchObject([
    {
      severity: 'warning',
      subject: `move task ${task.id}`,
      queue: { accountId: ACCOUNT_ID, name: 'dead' },
      summary: expect.stringMatching(/of the queue dead has not gone on for \d+ seconds?; it moved \d of 3 messages/),
      advice: expect.stringContaining(`stanchion redrive cancel dead ${task.id}`),
    },
  ])
  await holder.query('ROLLBACK')
  await server.untilPassed('move-task-resting', { moveTaskRestSeconds: 1 })
})
