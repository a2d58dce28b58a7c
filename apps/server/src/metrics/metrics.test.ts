import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import type { Engine, QueueScaling, QueueStatistics } from '@stanchion/queue'
import { createMetrics, METRICS } from './index.ts'
import { QueueMetrics } from './queue-metrics.ts'

const PAGE = readFileSync(new URL('../../../../docs/reference/metrics.md', import.meta.url), 'utf8')

describe('docs/reference/metrics.md', () => {
  it('says of every metric what the code says, and names no other', () => {
    const rows = [...PAGE.matchAll(/^\| `(stanchion_\w+)` \| \w+ \| [^|]* \| (.+) \|$/gm)]
    expect(rows.map(([, name, sentence]) => [name, sentence])).toEqual(Object.entries(METRICS))
  })

  it('names the type of every metric', async () => {
    const metrics = createMetrics(ALL)
    metrics.watch(engineWith('orders'))
    const text = await metrics.text()
    const types = [...text.matchAll(/^# TYPE (stanchion_\w+) (\w+)$/gm)]
    expect(types.map(([, name]) => name).sort()).toEqual(Object.keys(METRICS).sort())
    for (const [, name, type] of types) expect(PAGE).toContain(`| \`${name}\` | ${type} |`)
  })
})

const ALL = { queuesMax: 10_000, allow: [] }
const ORDERS = { accountId: '000000000000', name: 'orders' }

const DATABASE = {
  sizeBytes: 8_000_000,
  logSegments: 2,
  oldestSnapshotAgeSeconds: 0,
  hiddenSessions: 0,
  tables: [{ table: 'lease', liveRows: 7, deadRows: 3 }],
}

const IDLE: Omit<QueueScaling, 'queue'> = {
  outstandingMessages: 4,
  oldestMessageAgeSeconds: 1.5,
  arrivalsPerSecond: 2.25,
  completionsPerSecond: 0,
  drainSeconds: null,
  desiredConsumers: 2,
}

/** What the metrics read of an engine, for queues in which nothing is. */
function engineWith(...names: string[]): Engine {
  const totals = { sent: 0, received: 0, deleted: 0, expired: 3, deadLettered: 0, moved: 0, emptyReceives: 0 }
  const rates = { sentPerSecond: 0, receivedPerSecond: 0, deletedPerSecond: 0, expiredPerSecond: 0 }
  const all = names.map(
    (name): QueueStatistics => ({
      queue: { accountId: ORDERS.accountId, name },
      kind: 'standard',
      counts: { visible: 0, inFlight: 0, delayed: 0, oldestMessageAgeSeconds: null },
      measuredAt: undefined,
      totals: { ...totals, redelivered: 0, released: 0, leasesExpired: 0, duplicatesRefused: 0 },
      rates: { ...rates, deadLetteredPerSecond: 0 },
      recentVisible: [],
      retentionSeconds: 60,
      deadLetterQueue: name === 'orders' ? 'dead' : undefined,
      deadLetterSources: [],
      tags: {},
    }),
  )
  const snapshot = { waiters: 0, poolTotal: 1, poolIdle: 1, poolWaiting: 0, entriesWaiting: 0, databaseReachable: true }
  const queueScaling = async (queues: readonly QueueStatistics[]) => queues.map(({ queue }) => ({ ...IDLE, queue }))
  return {
    queueStatistics: async () => all,
    queueScaling,
    databaseStatistics: async () => DATABASE,
    snapshot: () => snapshot,
  } as unknown as Engine
}

describe('the metrics of queues', () => {
  it('add up what this node did, and do not count twice what is collected twice', async () => {
    const metrics = createMetrics(ALL)
    metrics.watch(engineWith('mail', 'orders'))
    metrics.observer.messagesSent?.(ORDERS, 3)
    metrics.observer.messagesSent?.(ORDERS, 4)
    metrics.observer.emptyReceive?.({ ...ORDERS, name: 'mail' })
    // A queue of the same name in another account is another one.
    metrics.observer.messagesSent?.({ ...ORDERS, accountId: '111111111111' }, 1)
    for (const text of [await metrics.text(), await metrics.text()]) {
      expect(text).toContain('stanchion_messages_sent_total{account="000000000000",queue="orders"} 7\n')
      expect(text).toContain('stanchion_messages_sent_total{account="000000000000",queue="mail"} 0\n')
      expect(text).toContain('stanchion_empty_receives_total{account="000000000000",queue="mail"} 1\n')
      expect(text).toContain('stanchion_messages_expired_total{account="000000000000",queue="mail"} 3\n')
      expect(text).toContain('{account="000000000000",queue="orders",dead_letter_queue="dead"} 1\n')
      expect(text).not.toContain('queue="mail",dead_letter_queue')
    }
  })

  it('say how much work there is, how many consumers that asks for, and that it will never be done', async () => {
    const metrics = createMetrics(ALL)
    metrics.watch(engineWith('orders'))
    const text = await metrics.text()
    const labels = '{account="000000000000",queue="orders"}'
    expect(text).toContain(`stanchion_queue_outstanding_messages${labels} 4\n`)
    expect(text).toContain(`stanchion_queue_arrivals_per_second${labels} 2.25\n`)
    expect(text).toContain(`stanchion_queue_completions_per_second${labels} 0\n`)
    expect(text).toContain(`stanchion_queue_drain_seconds${labels} +Inf\n`)
    expect(text).toContain(`stanchion_queue_desired_consumers${labels} 2\n`)
  })

  it('say how long messages waited', async () => {
    const metrics = createMetrics(ALL)
    metrics.watch(engineWith('orders'))
    for (const seconds of [0.001, 0.05, 5, 100_000]) metrics.observer.messageDwelled?.(ORDERS, seconds)
    const text = await metrics.text()
    const series = (suffix: string, le = '') =>
      new RegExp(`^stanchion_message_dwell_seconds_${suffix}\\{account="0+",queue="orders"${le}\\} (\\S+)$`, 'm').exec(
        text,
      )?.[1]
    expect(series('bucket', ',le="0.01"')).toBe('1')
    expect(series('bucket', ',le="0.1"')).toBe('2')
    expect(series('bucket', ',le="10"')).toBe('3')
    expect(series('bucket', ',le="\\+Inf"')).toBe('4')
    expect(series('count')).toBe('4')
    expect(Number(series('sum'))).toBeCloseTo(100_005.051)
  })

  it('name no more queues than they may, those that were asked for first, and count the others', async () => {
    const metrics = createMetrics({ queuesMax: 2, allow: ['pay*'] })
    metrics.watch(engineWith('a', 'b', 'payments'))
    const text = await metrics.text()
    const names = [...text.matchAll(/^stanchion_queue_messages_visible\{account="0+",queue="(\w+)"/gm)].map(
      ([, name]) => name,
    )
    expect(names).toEqual(['payments', 'a'])
    expect(text).toContain('stanchion_metrics_queues_left_out 1\n')
  })

  it('forget what was done to queues that are gone', async () => {
    const queues = new QueueMetrics(ALL)
    queues.observer.messagesSent?.(ORDERS, 3)
    queues.watch(engineWith())
    await queues.text()
    await queues.text()
    queues.watch(engineWith('orders'))
    expect(await queues.text()).toContain('stanchion_messages_sent_total{account="000000000000",queue="orders"} 0\n')
  })
})
