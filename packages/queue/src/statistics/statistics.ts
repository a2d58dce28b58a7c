import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Database } from '../database/database.ts'
import { QueueError } from '../errors.ts'
import type { Range } from '../limits.ts'
import { checkLimit } from '../queues/list-queues.ts'
import { notFound } from '../queues/lock-queue.ts'
import type {
  EngineHealth,
  ListQueuesRequest,
  QueueHistoryView,
  QueueKey,
  QueueRates,
  QueueStatistics,
  RecentActivity,
} from '../types.ts'
import { COARSE, FINE, type HistorySample, type QueueHistory, stepOf } from './queue-history.ts'
import { QueueMemory } from './queue-memory.ts'
import { readChanges } from './read-changes.ts'
import { type KeptStatistics, readTotals } from './read-totals.ts'

/** Rates are those of the last whole steps, a minute in all, and of the one under way. */
const RATE_STEPS = 6
const RECENT_MINUTES = 30
/** Nearly everything is written this soon after its time, and is seen by the next sample. */
const WRITING_MS = 3_000
/** So often a sample looks for what took longer, up to so long; what took longer still is seen when everything is read again. */
const CATCH_UP_EVERY_MS = 30_000
const WRITING_MS_MAX = 30_000
/** So often everything is read again. */
const WHOLE_EVERY_MS = 300_000
/** Queues that are worked on before the event loop has its turn. */
const QUEUES_A_TURN = 500

/**
 * The numbers of all queues as the nodes keep them together, and what this node remembers of them. Every node samples for itself, so
 * each can answer; a node that just started remembers nothing from before.
 */
export class Statistics {
  readonly #database: Database
  readonly #memory = new QueueMemory()
  #wholeAtMs = Number.NEGATIVE_INFINITY
  #caughtUpAtMs = Number.NEGATIVE_INFINITY

  constructor(database: Database) {
    this.#database = database
  }

  /** Takes a sample of the queues that changed since the last one: the duty of each node. */
  async sample(): Promise<void> {
    const atMs = this.#database.clock.nowMs()
    const isWhole = atMs - this.#wholeAtMs >= WHOLE_EVERY_MS
    // With many busy queues most of what the longer look reads is known already, so it is taken seldom.
    const isCatchingUp = atMs - this.#caughtUpAtMs >= CATCH_UP_EVERY_MS
    const seenMs = isCatchingUp ? this.#caughtUpAtMs - WRITING_MS_MAX : this.#memory.sampledAtMs - WRITING_MS
    const changes = await readChanges(this.#database, isWhole ? undefined : seenMs)
    if (isWhole || isCatchingUp) this.#caughtUpAtMs = atMs
    this.#memory.begin(atMs)
    for (const [i, change] of changes.entries()) {
      this.#memory.note(change)
      if (i % QUEUES_A_TURN === QUEUES_A_TURN - 1) await nextTurn()
    }
    if (!isWhole) return
    this.#wholeAtMs = atMs
    this.#memory.tidy(new Set(changes.map(({ queueId }) => queueId)))
  }

  /** @throws QueueError `unavailable` */
  async all(): Promise<QueueStatistics[]> {
    const all: QueueStatistics[] = []
    for (const kept of await readTotals(this.#database)) {
      all.push(this.#toStatistics(kept))
      if (all.length % QUEUES_A_TURN === 0) await nextTurn()
    }
    return all
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
    return this.#rates(this.#memory.historyOfKey(key))
  }

  /** The same by the id of the queue, which is found at once however many there are. */
  ratesById(queueId: number): QueueRates {
    return this.#rates(this.#memory.historyOf(queueId))
  }

  /**
   * The samples of the last seconds, the oldest first, at steps of ten seconds for up to 900 and of a minute for more. There are
   * none from before this node began.
   */
  history(key: QueueKey, rangeSeconds: number): QueueHistoryView {
    const span = rangeSeconds <= FINE.stepSeconds * FINE.size ? 'fine' : 'coarse'
    const { stepSeconds, size } = span === 'fine' ? FINE : COARSE
    const { startedAtMs } = this.#memory
    if (startedAtMs === undefined) return { stepSeconds, samples: [] }
    // The step that is under way is not complete yet.
    const last = stepOf(this.#database.clock.nowMs(), stepSeconds) - 1
    const count = Math.min(size - 1, Math.ceil(rangeSeconds / stepSeconds))
    const first = Math.max(last - count + 1, stepOf(startedAtMs, stepSeconds))
    const samples = []
    for (let step = first; step <= last; step++) {
      const sample = this.#memory.sampleOf(key, span, step, stepSeconds)
      samples.push(toView(step * stepSeconds * 1000, sample, stepSeconds))
    }
    return { stepSeconds, samples }
  }

  /** What was done to queues in the last quarter of an hour at most; those to which nothing was done are left out. */
  recentActivity(): EngineHealth['activity'] {
    const { sampledAtMs, startedAtMs } = this.#memory
    if (startedAtMs === undefined) return { seconds: 0, queues: [] }
    const seconds = Math.min(FINE.stepSeconds * FINE.size, Math.max(0, sampledAtMs - startedAtMs) / 1000)
    const last = stepOf(sampledAtMs, FINE.stepSeconds)
    const first = last - FINE.size + 1
    const queues: RecentActivity[] = []
    for (const { key, history } of this.#memory.changed()) {
      const sum = (field: 'received' | 'expired' | 'deadLettered' | 'leasesExpired') => history.sum(field, first, last)
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

  #toStatistics({ queueId, ...kept }: KeptStatistics): QueueStatistics {
    return {
      ...kept,
      rates: this.#rates(this.#memory.historyOf(queueId)),
      recentVisible: this.#recentVisible(queueId),
    }
  }

  #rates(history: QueueHistory | undefined): QueueRates {
    const { sampledAtMs, startedAtMs = sampledAtMs } = this.#memory
    const last = stepOf(sampledAtMs, FINE.stepSeconds)
    const first = last - RATE_STEPS
    const sinceMs = Math.max(startedAtMs, first * FINE.stepSeconds * 1000)
    // A node that has just begun has seen too little to say more.
    const seconds = Math.max(FINE.stepSeconds, (sampledAtMs - sinceMs) / 1000)
    const rate = (name: 'sent' | 'received' | 'deleted' | 'expired' | 'deadLettered') =>
      history === undefined ? 0 : history.sum(name, first, last) / seconds
    return {
      sentPerSecond: rate('sent'),
      receivedPerSecond: rate('received'),
      deletedPerSecond: rate('deleted'),
      expiredPerSecond: rate('expired'),
      deadLetteredPerSecond: rate('deadLettered'),
    }
  }

  #recentVisible(queueId: number): number[] {
    const { sampledAtMs, startedAtMs } = this.#memory
    if (startedAtMs === undefined) return []
    const history = this.#memory.historyOf(queueId)
    const last = stepOf(sampledAtMs, COARSE.stepSeconds)
    const first = Math.max(last - RECENT_MINUTES + 1, stepOf(startedAtMs, COARSE.stepSeconds))
    const recent = new Array<number>(last - first + 1)
    // Without a history it has been for long as deep as it is now.
    if (history === undefined) return recent.fill(this.#memory.visibleOf(queueId))
    for (let i = 0; i < recent.length; i++) recent[i] = history.visible(first + i)
    return recent
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
