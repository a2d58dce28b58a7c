import type { Engine, EngineObserver } from '@stanchion/queue'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { watchDatabase } from './database-metrics.ts'
import { defineIn } from './define.ts'
import { measureEventLoopLag } from './event-loop-lag.ts'
import { createNodeMetrics } from './node-metrics.ts'
import { QueueMetrics, type QueueMetricsOptions } from './queue-metrics.ts'
import { type Door, RequestMetrics } from './request-metrics.ts'

export { METRICS } from './names.ts'

/** Measures one node. The observer goes into the engine, `watch` binds the finished engine to what is read on demand. */
export interface Metrics {
  readonly observer: EngineObserver
  /** The media type of {@link text}. */
  readonly contentType: string
  /** Everything in the format of Prometheus. */
  text(): Promise<string>
  /** Records a finished request. `operation` is from the closed list of the door. */
  requestFinished(door: Door, operation: string, status: number, seconds: number): void
  /** From now on the gauges are read from this engine whenever the metrics are collected. */
  watch(engine: Engine): void
  /** Ends what measures by itself. */
  close(): void
}

/** Creates all metrics in a registry of their own. */
export function createMetrics(options: QueueMetricsOptions): Metrics {
  const registry = new Registry()
  collectNodeDefaults(registry)
  const define = defineIn(registry)
  const node = createNodeMetrics(define)
  const queues = new QueueMetrics(options)
  const requests = new RequestMetrics()
  return {
    observer: { ...queues.observer, ...node.observer },
    contentType: registry.contentType,
    text: async () => (await Promise.all([queues.text(), requests.text(), registry.metrics()])).join('\n'),
    requestFinished: (door, operation, status, seconds) => requests.finished(door, operation, status, seconds),
    close: measureEventLoopLag(define),
    watch(engine) {
      node.watch(engine)
      watchDatabase(engine, define)
      queues.watch(engine)
    },
  }
}

/** Node's default metrics, less the gauges that are named like counters: the ones without `_total` beside them add up to the same. */
function collectNodeDefaults(registry: Registry): void {
  collectDefaultMetrics({ register: registry })
  for (const resource of ['handles', 'requests', 'resources']) {
    registry.removeSingleMetric(`nodejs_active_${resource}_total`)
  }
}
