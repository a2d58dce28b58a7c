import type { Engine, EngineObserver } from '@stanchion/queue'
import { Counter, Gauge, Histogram } from 'prom-client'
import type { Define } from './define.ts'
import type { MetricName } from './names.ts'

const STATEMENT_BUCKETS = [0.0002, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 10]
const WAKE_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]
const ENTRY_BUCKETS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000]

/** What this node does, whatever the queue. */
export function createNodeMetrics(define: Define) {
  const batchEntries = new Histogram({ ...define('stanchion_batch_entries', 'operation'), buckets: ENTRY_BUCKETS })
  const batchSeconds = new Histogram({
    ...define('stanchion_batch_duration_seconds', 'operation'),
    buckets: STATEMENT_BUCKETS,
  })
  const batchSplits = new Counter(define('stanchion_batch_splits_total', 'operation'))
  const wakeUps = new Counter(define('stanchion_wake_ups_total', 'cause'))
  const wakeSeconds = new Histogram({ ...define('stanchion_wake_latency_seconds', 'cause'), buckets: WAKE_BUCKETS })
  const serviceSeconds = new Histogram({
    ...define('stanchion_service_round_duration_seconds', 'service'),
    buckets: STATEMENT_BUCKETS,
  })
  const serviceFailures = new Counter(define('stanchion_service_failures_total', 'service'))

  const observer: EngineObserver = {
    batchExecuted(operation, entries, seconds) {
      batchEntries.observe({ operation }, entries)
      batchSeconds.observe({ operation }, seconds)
      // A total that is 0 is there, so that its first increase is seen.
      batchSplits.inc({ operation }, 0)
    },
    batchSplit: (operation) => batchSplits.inc({ operation }),
    wakeUp: (cause) => wakeUps.inc({ cause }),
    wokenReceive: (cause, seconds) => wakeSeconds.observe({ cause }, seconds),
    serviceRound(service, seconds, error) {
      serviceSeconds.observe({ service }, seconds)
      serviceFailures.inc({ service }, error === undefined ? 0 : 1)
    },
  }
  return {
    observer,
    /** From now on the gauges are read from this engine whenever they are collected. */
    watch(engine: Engine): void {
      watchNode(engine, define)
    },
  }
}

/** The numbers of this node, read from the engine's snapshot. */
function watchNode(engine: Engine, define: Define): void {
  const gauge = (name: MetricName, read: () => number) =>
    new Gauge({
      ...define(name),
      collect() {
        this.set(read())
      },
    })
  gauge('stanchion_entries_waiting', () => engine.snapshot().entriesWaiting)
  gauge('stanchion_waiters', () => engine.snapshot().waiters)
  gauge('stanchion_pool_waiting', () => engine.snapshot().poolWaiting)
  gauge('stanchion_database_reachable', () => (engine.snapshot().databaseReachable ? 1 : 0))
  new Gauge({
    ...define('stanchion_pool_connections', 'state'),
    collect() {
      const { poolTotal, poolIdle } = engine.snapshot()
      this.set({ state: 'idle' }, poolIdle)
      this.set({ state: 'busy' }, poolTotal - poolIdle)
    },
  })
}
