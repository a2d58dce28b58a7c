import type { BatchedOperation, Engine, EngineObserver, QueueCounts, QueueKey } from '@stanchion/queue'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** The front doors, as the metrics name them. */
export type Door = 'rest' | 'sqs'

/** Every metric of Stanchion with its sentence; `docs/reference/metrics.md` repeats them, checked by a test. */
export const METRICS = {
  stanchion_queue_messages_visible: 'Messages of the queue that can be received now.',
  stanchion_queue_messages_in_flight: 'Messages of the queue that are leased.',
  stanchion_queue_messages_delayed: 'Messages of the queue whose delay is not over.',
  stanchion_queue_oldest_message_age_seconds:
    'Seconds since the oldest stored message of the queue was sent; 0 when it is empty.',
  stanchion_messages_sent_total: 'Messages that this node stored in the queue.',
  stanchion_messages_received_total: 'Messages that this node delivered from the queue.',
  stanchion_messages_deleted_total: 'Messages of the queue that this node deleted for a client.',
  stanchion_messages_moved_total: 'Messages that this node moved out of the queue for a move task.',
  stanchion_messages_dead_lettered_total: 'Messages that this node moved from the queue to its dead-letter queue.',
  stanchion_empty_receives_total: 'Receives on the queue that this node answered without a message.',
  stanchion_request_duration_seconds:
    'Time from a request to its response, by front door, operation and class of status; the waiting of long polls counts.',
  stanchion_batch_entries: 'Entries that one statement carried, by operation.',
  stanchion_batch_duration_seconds: 'Time that one statement took, by operation.',
  stanchion_batch_splits_total:
    'Statements that were refused because of one of their rows and were split in two, by operation.',
  stanchion_entries_waiting: 'Entries that wait in this node to join a statement.',
  stanchion_waiters: 'Receives that wait in this node for a message.',
  stanchion_wake_ups_total: 'Times that waiting receives were woken, by cause.',
  stanchion_pool_connections: 'Connections of this node to the database, by state.',
  stanchion_pool_waiting: 'Pieces of work that wait for a connection to the database.',
  stanchion_database_reachable: '1 while the database answers this node, else 0.',
  stanchion_service_round_duration_seconds: 'Time that one round of a background duty took, by service.',
  stanchion_service_failures_total: 'Rounds of background duties that failed, by service.',
} as const

type MetricName = keyof typeof METRICS

const REQUEST_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25]
const STATEMENT_BUCKETS = [0.0002, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 10]
const ENTRY_BUCKETS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000]

/** Queues of one name in two accounts are two series. A queue has one account, so the label makes no further series. */
const QUEUE_LABELS = ['account', 'queue'] as const

function nameOf({ accountId, name }: QueueKey): string {
  return `${accountId}/${name}`
}

/** What this node did for one queue since it started. */
interface QueueTotals {
  readonly labels: { readonly account: string; readonly queue: string }
  sent: number
  received: number
  deleted: number
  moved: number
  deadLettered: number
  emptyReceives: number
}

/** Measures one node. The observer goes into the engine, `watch` binds the finished engine to what is read on demand. */
export interface Metrics {
  readonly registry: Registry
  readonly observer: EngineObserver
  /** Records a finished request. `operation` is from the closed list of the door. */
  requestFinished(door: Door, operation: string, status: number, seconds: number): void
  /** From now on the gauges are read from this engine whenever the metrics are collected. */
  watch(engine: Engine): void
}

/** Creates all metrics in a registry of their own. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const common = <N extends MetricName, L extends string>(name: N, ...labelNames: L[]) => ({
    name,
    help: METRICS[name],
    labelNames,
    registers: [registry],
  })

  const totals = createQueueTotals(common)
  const requests = new Histogram({
    ...common('stanchion_request_duration_seconds', 'door', 'operation', 'status'),
    buckets: REQUEST_BUCKETS,
  })
  const batchEntries = new Histogram({ ...common('stanchion_batch_entries', 'operation'), buckets: ENTRY_BUCKETS })
  const batchSeconds = new Histogram({
    ...common('stanchion_batch_duration_seconds', 'operation'),
    buckets: STATEMENT_BUCKETS,
  })
  const batchSplits = new Counter(common('stanchion_batch_splits_total', 'operation'))
  const wakeUps = new Counter(common('stanchion_wake_ups_total', 'cause'))
  const serviceSeconds = new Histogram({
    ...common('stanchion_service_round_duration_seconds', 'service'),
    buckets: STATEMENT_BUCKETS,
  })
  const serviceFailures = new Counter(common('stanchion_service_failures_total', 'service'))

  return {
    registry,
    observer: {
      ...totals.observer,
      batchExecuted(operation: BatchedOperation, entries: number, seconds: number) {
        batchEntries.observe({ operation }, entries)
        batchSeconds.observe({ operation }, seconds)
      },
      batchSplit: (operation) => batchSplits.inc({ operation }),
      wakeUp: (cause) => wakeUps.inc({ cause }),
      serviceRound(service, seconds, error) {
        serviceSeconds.observe({ service }, seconds)
        if (error !== undefined) serviceFailures.inc({ service })
      },
    },
    requestFinished(door, operation, status, seconds) {
      requests.observe({ door, operation, status: `${Math.floor(status / 100)}xx` }, seconds)
    },
    watch(engine) {
      watchNode(engine, common)
      watchQueues(engine, common, totals.forget)
    },
  }
}

type Common = <N extends MetricName, L extends string>(
  name: N,
  ...labelNames: L[]
) => { name: N; help: string; labelNames: L[]; registers: Registry[] }

/**
 * Totals by queue. They are kept in a plain map, which costs the hot path next to nothing, and copied into the counters
 * when somebody collects them.
 */
function createQueueTotals(common: Common) {
  const byQueue = new Map<string, QueueTotals>()
  function of(queue: QueueKey): QueueTotals {
    const known = byQueue.get(nameOf(queue))
    if (known !== undefined) return known
    const labels = { account: queue.accountId, queue: queue.name }
    const fresh = { labels, sent: 0, received: 0, deleted: 0, moved: 0, deadLettered: 0, emptyReceives: 0 }
    byQueue.set(nameOf(queue), fresh)
    return fresh
  }
  function counter(name: MetricName, member: Exclude<keyof QueueTotals, 'labels'>): void {
    new Counter({
      ...common(name, ...QUEUE_LABELS),
      collect() {
        this.reset()
        for (const sums of byQueue.values()) this.inc(sums.labels, sums[member])
      },
    })
  }
  counter('stanchion_messages_sent_total', 'sent')
  counter('stanchion_messages_received_total', 'received')
  counter('stanchion_messages_deleted_total', 'deleted')
  counter('stanchion_messages_moved_total', 'moved')
  counter('stanchion_messages_dead_lettered_total', 'deadLettered')
  counter('stanchion_empty_receives_total', 'emptyReceives')

  const observer: EngineObserver = {
    messagesSent(queue, count) {
      of(queue).sent += count
    },
    messagesReceived(queue, count) {
      of(queue).received += count
    },
    messagesDeleted(queue, count) {
      of(queue).deleted += count
    },
    messagesMoved(queue, count) {
      of(queue).moved += count
    },
    messagesDeadLettered(queue, count) {
      of(queue).deadLettered += count
    },
    emptyReceive(queue) {
      of(queue).emptyReceives += 1
    },
  }
  let missing = new Set<string>()
  return {
    observer,
    /**
     * Drops the totals of queues that are gone, so that deleted queues do not fill the memory: those missing twice in
     * a row, because a queue may be created while the living ones are listed.
     */
    forget(alive: ReadonlySet<string>) {
      for (const name of missing) if (!alive.has(name)) byQueue.delete(name)
      missing = new Set([...byQueue.keys()].filter((name) => !alive.has(name)))
    },
  }
}

/** The numbers of this node, read from the engine's snapshot. */
function watchNode(engine: Engine, common: Common): void {
  const gauge = (name: MetricName, read: () => number) =>
    new Gauge({
      ...common(name),
      collect() {
        this.set(read())
      },
    })
  gauge('stanchion_entries_waiting', () => engine.snapshot().entriesWaiting)
  gauge('stanchion_waiters', () => engine.snapshot().waiters)
  gauge('stanchion_pool_waiting', () => engine.snapshot().poolWaiting)
  gauge('stanchion_database_reachable', () => (engine.snapshot().databaseReachable ? 1 : 0))
  new Gauge({
    ...common('stanchion_pool_connections', 'state'),
    collect() {
      const { poolTotal, poolIdle } = engine.snapshot()
      this.set({ state: 'idle' }, poolIdle)
      this.set({ state: 'busy' }, poolTotal - poolIdle)
    },
  })
}

/** The counts of every queue, one read of the database for each collection. */
function watchQueues(engine: Engine, common: Common, forget: (alive: ReadonlySet<string>) => void): void {
  let counting: Promise<QueueCountsOfAll> | undefined
  async function count(): Promise<QueueCountsOfAll> {
    try {
      const all = await engine.countAllMessages()
      forget(new Set(all.map(({ queue }) => nameOf(queue))))
      return all
    } catch {
      // While the database is away the numbers of the node are still worth having; old counts are not.
      return []
    } finally {
      counting = undefined
    }
  }
  const gauge = (name: MetricName, read: (counts: QueueCounts) => number) =>
    new Gauge({
      ...common(name, ...QUEUE_LABELS),
      // The gauges are collected side by side: the first one asks and the others share its answer.
      async collect() {
        counting ??= count()
        const all = await counting
        this.reset()
        for (const { queue, counts } of all) this.set({ account: queue.accountId, queue: queue.name }, read(counts))
      },
    })
  gauge('stanchion_queue_messages_visible', (counts) => counts.visible)
  gauge('stanchion_queue_messages_in_flight', (counts) => counts.inFlight)
  gauge('stanchion_queue_messages_delayed', (counts) => counts.delayed)
  gauge('stanchion_queue_oldest_message_age_seconds', (counts) => counts.oldestMessageAgeSeconds ?? 0)
}

type QueueCountsOfAll = readonly { readonly queue: QueueKey; readonly counts: QueueCounts }[]
