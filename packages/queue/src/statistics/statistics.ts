import type { Database } from '../database/database.ts'
import { QueueError } from '../errors.ts'
import type { Range } from '../limits.ts'
import { checkLimit, notFound } from '../queues/queue-catalogue.ts'
import type {
  EngineHealth,
  ListQueuesRequest,
  QueueHistoryView,
  QueueKey,
  QueueRates,
  QueueStatistics,
  QueueTotals,
} from '../types.ts'
import { COARSE, FINE, type HistorySample, isNothing, NOTHING_HAPPENED, QueueHistory, stepOf } from './queue-history.ts'
import { type KeptStatistics, readTotals } from './read-totals.ts'

/** Rates are those of the last whole steps, a minute in all. */
const RATE_STEPS = 6
const RECENT_MINUTES = 30

interface Watched {
  readonly key: QueueKey
  totals: QueueTotals
  /** Absent: nothing happened in the time that is remembered. */
  history: QueueHistory | undefined
}

/**
 * The numbers of all queues as the nodes keep them together, and what this node remembers of them. Every node samples for itself, so
 * each can answer; a node that just started remembers nothing from before.
 */
export class Statistics {
  readonly #database: Database
  readonly #watched = new Map<number, Watched>()
  #startedAtMs: number | undefined

  constructor(database: Database) {
    this.#database = database
  }

  /** Takes a sample of every queue: the duty of each node. */
  async sample(): Promise<void> {
    const all = await readTotals(this.#database)
    const atMs = this.#database.clock.nowMs()
    const isFirst = this.#startedAtMs === undefined
    this.#startedAtMs ??= atMs
    const living = new Set<number>()
    for (const kept of all) {
      living.add(kept.queueId)
      // What was done before the first sample was not done in its step; a queue that came later began then.
      const before = this.#watched.get(kept.queueId)?.totals ?? (isFirst ? kept.totals : undefined)
      this.#sampleQueue(kept, before, atMs)
    }
    for (const queueId of this.#watched.keys()) if (!living.has(queueId)) this.#watched.delete(queueId)
  }

  /** @throws QueueError `unavailable` */
  async all(): Promise<QueueStatistics[]> {
    return (await readTotals(this.#database)).map((kept) => this.#toStatistics(kept))
  }

  /** @throws QueueError `invalidArgument`, `unavailable` */
  async list(request: ListQueuesRequest): Promise<{ queues: QueueStatistics[]; next: string | undefined }> {
    checkLimit(request.limit)
    const all = await readTotals(this.#database, { ...request, limit: request.limit + 1 })
    const queues = all.slice(0, request.limit).map((kept) => this.#toStatistics(kept))
    return { queues, next: all.length > request.limit ? queues.at(-1)?.queue.name : undefined }
  }

  /** @throws QueueError `queueNotFound`, `unavailable` */
  async of({ accountId, name }: QueueKey): Promise<QueueStatistics> {
    const [kept] = await readTotals(this.#database, { accountId, name })
    if (kept === undefined) throw notFound()
    return this.#toStatistics(kept)
  }

  /** How fast a queue is, by what this node has sampled; 0 for a queue that it does not know yet. */
  rates(key: QueueKey): QueueRates {
    return this.#rates(this.#find(key)?.history)
  }

  /** The same by the id of the queue, which is found at once however many there are. */
  ratesById(queueId: number): QueueRates {
    return this.#rates(this.#watched.get(queueId)?.history)
  }

  /**
   * The samples of the last seconds, the oldest first, at steps of ten seconds for up to 900 and of a minute for more. There are
   * none from before this node began.
   */
  history(key: QueueKey, rangeSeconds: number): QueueHistoryView {
    const { stepSeconds, size } = rangeSeconds <= FINE.stepSeconds * FINE.size ? FINE : COARSE
    if (this.#startedAtMs === undefined) return { stepSeconds, samples: [] }
    const history = this.#find(key)?.history
    const read = stepSeconds === FINE.stepSeconds ? 'fine' : 'coarse'
    // The step that is under way is not complete yet.
    const last = stepOf(this.#database.clock.nowMs(), stepSeconds) - 1
    const count = Math.min(size - 1, Math.ceil(rangeSeconds / stepSeconds))
    const first = Math.max(last - count + 1, stepOf(this.#startedAtMs, stepSeconds))
    const samples = []
    for (let step = first; step <= last; step++) {
      samples.push(toView(step * stepSeconds * 1000, history?.[read](step) ?? NOTHING_HAPPENED, stepSeconds))
    }
    return { stepSeconds, samples }
  }

  /** What was done to queues in the last quarter of an hour at most; those to which nothing was done are left out. */
  recentActivity(): EngineHealth['activity'] {
    if (this.#startedAtMs === undefined) return { seconds: 0, queues: [] }
    const nowMs = this.#database.clock.nowMs()
    const seconds = Math.min(FINE.stepSeconds * FINE.size, Math.max(0, nowMs - this.#startedAtMs) / 1000)
    const last = stepOf(nowMs, FINE.stepSeconds)
    const first = last - FINE.size + 1
    const queues: EngineHealth['activity']['queues'][number][] = []
    for (const { key, history } of this.#watched.values()) {
      if (history === undefined) continue
      const sum = (field: 'received' | 'expired' | 'deadLettered' | 'leasesExpired') =>
        history.fineSum(first, last, field)
      const done = {
        received: sum('received'),
        expired: sum('expired'),
        deadLettered: sum('deadLettered'),
        leasesExpired: sum('leasesExpired'),
      }
      if (Object.values(done).some((count) => count > 0)) queues.push({ queue: key, ...done })
    }
    return { seconds, queues }
  }

  #sampleQueue(
    { queueId, queue, counts, totals }: KeptStatistics,
    before: QueueTotals | undefined,
    atMs: number,
  ): void {
    const since = (name: 'sent' | 'received' | 'deleted' | 'expired' | 'deadLettered' | 'leasesExpired') =>
      totals[name] - (before?.[name] ?? 0)
    const sample: HistorySample = {
      visible: counts.visible,
      inFlight: counts.inFlight,
      delayed: counts.delayed,
      oldestAgeSeconds: counts.oldestMessageAgeSeconds ?? Number.NaN,
      sent: since('sent'),
      received: since('received'),
      deleted: since('deleted'),
      expired: since('expired'),
      deadLettered: since('deadLettered'),
      leasesExpired: since('leasesExpired'),
    }
    let history = this.#watched.get(queueId)?.history
    if (history === undefined && !isNothing(sample)) history = new QueueHistory()
    history?.add(atMs, sample)
    if (history?.isOver(atMs) === true) history = undefined
    this.#watched.set(queueId, { key: queue, totals, history })
  }

  #find({ accountId, name }: QueueKey): Watched | undefined {
    for (const watched of this.#watched.values()) {
      if (watched.key.name === name && watched.key.accountId === accountId) return watched
    }
    return undefined
  }

  #toStatistics({ queueId, ...kept }: KeptStatistics): QueueStatistics {
    const history = this.#watched.get(queueId)?.history
    return { ...kept, rates: this.#rates(history), recentVisible: this.#recentVisible(history) }
  }

  #rates(history: QueueHistory | undefined): QueueRates {
    const sum = { sent: 0, received: 0, deleted: 0, expired: 0, deadLettered: 0 }
    const steps = this.#stepsKnown(FINE.stepSeconds, RATE_STEPS)
    if (history !== undefined) {
      for (const step of steps) {
        const sample = history.fine(step)
        for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += sample[name]
      }
    }
    const seconds = Math.max(1, steps.length) * FINE.stepSeconds
    return {
      sentPerSecond: sum.sent / seconds,
      receivedPerSecond: sum.received / seconds,
      deletedPerSecond: sum.deleted / seconds,
      expiredPerSecond: sum.expired / seconds,
      deadLetteredPerSecond: sum.deadLettered / seconds,
    }
  }

  #recentVisible(history: QueueHistory | undefined): number[] {
    const steps = this.#stepsKnown(COARSE.stepSeconds, RECENT_MINUTES)
    return history === undefined ? steps.map(() => 0) : steps.map((step) => history.coarse(step).visible)
  }

  /** The last steps that have been sampled, the one under way with them, the oldest first. */
  #stepsKnown(stepSeconds: number, count: number): number[] {
    if (this.#startedAtMs === undefined) return []
    const last = stepOf(this.#database.clock.nowMs(), stepSeconds)
    const first = Math.max(last - count + 1, stepOf(this.#startedAtMs, stepSeconds))
    return Array.from({ length: last - first + 1 }, (_, i) => first + i)
  }
}

function toView(atMs: number, sample: HistorySample, stepSeconds: number): QueueHistoryView['samples'][number] {
  const { visible, inFlight, delayed, oldestAgeSeconds } = sample
  return {
    at: new Date(atMs),
    counts: {
      visible,
      inFlight,
      delayed,
      oldestMessageAgeSeconds: Number.isNaN(oldestAgeSeconds) ? null : oldestAgeSeconds,
    },
    rates: {
      sentPerSecond: sample.sent / stepSeconds,
      receivedPerSecond: sample.received / stepSeconds,
      deletedPerSecond: sample.deleted / stepSeconds,
      expiredPerSecond: sample.expired / stepSeconds,
      deadLetteredPerSecond: sample.deadLettered / stepSeconds,
    },
  }
}

/** How far back the history of a queue can be asked for. */
export const HISTORY_RANGE_SECONDS: Range = {
  min: FINE.stepSeconds,
  max: COARSE.stepSeconds * (COARSE.size - 1),
  default: FINE.stepSeconds * FINE.size,
}

/** @throws QueueError `invalidArgument` */
export function checkHistoryRange(rangeSeconds: number): void {
  const { min, max } = HISTORY_RANGE_SECONDS
  if (Number.isInteger(rangeSeconds) && rangeSeconds >= min && rangeSeconds <= max) return
  throw new QueueError('invalidArgument', `rangeSeconds is a whole number from ${min} to ${max}.`, {
    field: 'rangeSeconds',
  })
}
