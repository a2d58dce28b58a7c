import type { QueueScaling } from '@stanchion/queue'
import type { MetricName } from './names.ts'
import type { QueueFamily } from './queue-metrics.ts'

/** How much work the queues hold and how many consumers that asks for, by the kept numbers and the last decisions. */
export const SCALING_FAMILIES: readonly QueueFamily[] = [
  gauge('stanchion_queue_outstanding_messages', ({ outstandingMessages }) => outstandingMessages),
  gauge('stanchion_queue_arrivals_per_second', ({ arrivalsPerSecond }) => arrivalsPerSecond),
  gauge('stanchion_queue_completions_per_second', ({ completionsPerSecond }) => completionsPerSecond),
  gauge('stanchion_queue_drain_seconds', ({ drainSeconds }) => drainSeconds ?? Number.POSITIVE_INFINITY),
  gauge('stanchion_queue_desired_consumers', ({ desiredConsumers }) => desiredConsumers),
]

function gauge(name: MetricName, read: (scaling: QueueScaling) => number): QueueFamily {
  return { name, type: 'gauge', value: (_queue, _here, scaling) => read(scaling) }
}
