import { setImmediate as nextTurn } from 'node:timers/promises'
import { matchesQueuePattern } from '@stanchion/identity'
import type { Engine, QueueScaling, QueueStatistics } from '@stanchion/queue'
import { histogramText } from './histogram-text.ts'
import { METRICS, type MetricName } from './names.ts'
import { DWELL_BUCKETS, type QueueTotals, QueueTotalsBook } from './queue-totals.ts'
import { SCALING_FAMILIES } from './scaling-metrics.ts'

/** Which queues have metrics. */
export interface QueueMetricsOptions {
  /** More queues than this have none. */
  readonly queuesMax: number
  /** Patterns of names (`*` stands for any characters); queues that fit one come before all others. */
  readonly allow: readonly string[]
}

/** One number of every queue. `undefined`: this queue has none. */
export interface QueueFamily {
  readonly name: MetricName
  readonly type: 'gauge' | 'counter'
  /** Besides `account` and `queue`, written as in the format: `,name="value"`. */
  labels?(queue: QueueStatistics): string
  value(queue: QueueStatistics, here: Readonly<QueueTotals>, scaling: QueueScaling): number | undefined
}

/** Each makes a series for each queue. What a node counts for itself is added up over the nodes; the rest is the same on all of them. */
const FAMILIES: readonly QueueFamily[] = [
  gauge('stanchion_queue_messages_visible', ({ counts }) => counts.visible),
  gauge('stanchion_queue_messages_in_flight', ({ counts }) => counts.inFlight),
  gauge('stanchion_queue_messages_delayed', ({ counts }) => counts.delayed),
  gauge('stanchion_queue_oldest_message_age_seconds', ({ counts }) => counts.oldestMessageAgeSeconds ?? 0),
  ...SCALING_FAMILIES,
  gauge('stanchion_queue_retention_seconds', ({ retentionSeconds }) => retentionSeconds),
  {
    name: 'stanchion_queue_dead_letter_info',
    type: 'gauge',
    labels: ({ deadLetterQueue }) => `,dead_letter_queue="${deadLetterQueue}"`,
    value: ({ deadLetterQueue }) => (deadLetterQueue === undefined ? undefined : 1),
  },
  counter('stanchion_messages_sent_total', (_, here) => here.sent),
  counter('stanchion_messages_received_total', (_, here) => here.received),
  counter('stanchion_messages_redelivered_total', (_, here) => here.redelivered),
  counter('stanchion_messages_released_total', (_, here) => here.released),
  counter('stanchion_messages_deleted_total', (_, here) => here.deleted),
  counter('stanchion_messages_moved_total', (_, here) => here.moved),
  counter('stanchion_messages_dead_lettered_total', (_, here) => here.deadLettered),
  counter('stanchion_duplicates_refused_total', (_, here) => here.duplicatesRefused),
  counter('stanchion_empty_receives_total', (_, here) => here.emptyReceives),
  counter('stanchion_messages_expired_total', ({ totals }) => totals.expired),
  counter('stanchion_leases_expired_total', ({ totals }) => totals.leasesExpired),
]

function gauge(name: MetricName, value: QueueFamily['value']): QueueFamily {
  return { name, type: 'gauge', value }
}

function counter(name: MetricName, value: QueueFamily['value']): QueueFamily {
  return { name, type: 'counter', value }
}

/** Series written before the event loop has its turn: about a millisecond's worth. */
const SERIES_A_TURN = 5_000

/** What the metrics of queues ask. */
type MeasuredEngine = Pick<Engine, 'queueStatistics' | 'queueScaling'>

/** A queue that is shown, with the beginning of its labels. */
interface Shown {
  readonly queue: QueueStatistics
  readonly here: Readonly<QueueTotals>
  readonly scaling: QueueScaling
  readonly labels: string
}

/**
 * The metrics of queues. They are written here rather than by the library, which would make an object of each of 200,000 series, and
 * hold up the requests meanwhile.
 */
export class QueueMetrics {
  readonly #options: QueueMetricsOptions
  readonly #book = new QueueTotalsBook()
  readonly #families: QueueFamily[] = [...FAMILIES]
  #engine: MeasuredEngine | undefined
  #writing: Promise<string> | undefined

  constructor(options: QueueMetricsOptions) {
    this.#options = options
  }

  readonly observer = this.#book.observer

  watch(engine: MeasuredEngine): void {
    this.#engine = engine
  }

  /** The text of all series. Who asks while it is being written gets the same. */
  text(): Promise<string> {
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined
    })
    return this.#writing
  }

  async #write(): Promise<string> {
    const { shown, leftOut: queuesLeftOut } = await this.#read()
    const parts: string[] = []
    for (const family of this.#families) {
      const lines = [head(family.name, family.type)]
      for (const { queue, here, scaling, labels } of shown) {
        const value = family.value(queue, here, scaling)
        if (value === undefined) continue
        lines.push(
          `${family.name}{${labels}${family.labels?.(queue) ?? ''}} ${value === Number.POSITIVE_INFINITY ? '+Inf' : value}\n`,
        )
        if (lines.length % SERIES_A_TURN === 0) await nextTurn()
      }
      parts.push(lines.join(''))
      await nextTurn()
    }
    parts.push(dwellText(shown))
    const leftOut = 'stanchion_metrics_queues_left_out'
    parts.push(`${head(leftOut, 'gauge')}${leftOut} ${queuesLeftOut}\n`)
    return parts.join('')
  }

  async #read(): Promise<{ readonly shown: readonly Shown[]; readonly leftOut: number }> {
    const nothing = { shown: [], leftOut: 0 }
    if (this.#engine === undefined) return nothing
    try {
      const all = await this.#engine.queueStatistics()
      this.#book.forget(all.map(({ queue }) => queue))
      const chosen = this.#choose(all)
      const scaling = await this.#engine.queueScaling(chosen)
      return {
        shown: chosen.map((queue, i) => this.#show(queue, scaling[i] as QueueScaling)),
        leftOut: all.length - chosen.length,
      }
    } catch {
      // While the database is away the numbers of the node are still worth having; old ones of queues are not.
      return nothing
    }
  }

  #choose(all: readonly QueueStatistics[]): readonly QueueStatistics[] {
    const { queuesMax, allow } = this.#options
    const isAllowed = ({ queue }: QueueStatistics) => allow.some((pattern) => matchesQueuePattern(pattern, queue.name))
    if (all.length <= queuesMax) return all
    return [...all.filter(isAllowed), ...all.filter((queue) => !isAllowed(queue))].slice(0, queuesMax)
  }

  #show(queue: QueueStatistics, scaling: QueueScaling): Shown {
    const { accountId, name } = queue.queue
    return { queue, scaling, here: this.#book.of(queue.queue), labels: `account="${accountId}",queue="${name}"` }
  }
}

function head(name: MetricName, type: string): string {
  return `# HELP ${name} ${METRICS[name]}\n# TYPE ${name} ${type}\n`
}

function dwellText(shown: readonly Shown[]): string {
  const name = 'stanchion_message_dwell_seconds'
  const lines = [head(name, 'histogram')]
  for (const { here, labels } of shown) {
    if (here.dwell !== undefined) lines.push(histogramText(name, labels, DWELL_BUCKETS, here.dwell))
  }
  return lines.join('')
}
