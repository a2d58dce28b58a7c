import type { QueueKey } from '../types.ts'
import { COUNTED, HISTORY_MS, type HistorySample, NOTHING_HAPPENED, QueueHistory } from './queue-history.ts'
import type { QueueChange } from './read-changes.ts'

interface Remembered {
  latest: QueueChange
  /** Absent: nothing changed in the time that is remembered. */
  history: QueueHistory | undefined
}

/** What this node remembers of the queues: of each the latest numbers, and the past of those that changed. */
export class QueueMemory {
  readonly #byId = new Map<number, Remembered>()
  readonly #byKey = new Map<string, Remembered>()
  /** Epoch milliseconds of the first sample; `undefined` before it. */
  #startedAtMs: number | undefined
  #sampledAtMs = 0

  get startedAtMs(): number | undefined {
    return this.#startedAtMs
  }

  get sampledAtMs(): number {
    return this.#sampledAtMs
  }

  /** @param atMs epoch milliseconds at which what follows was read */
  begin(atMs: number): void {
    this.#startedAtMs ??= atMs
    this.#sampledAtMs = atMs
  }

  /** Takes note of the numbers of a queue, read at the moment that {@link begin} was told. */
  note(change: QueueChange): void {
    const atMs = this.#sampledAtMs
    let remembered = this.#byId.get(change.queueId)
    // What was done before the first sample was not done in its step; a queue that came later began at nothing.
    const before = remembered?.latest ?? (atMs === this.#startedAtMs ? change : undefined)
    if (remembered === undefined) {
      remembered = { latest: change, history: undefined }
      this.#byId.set(change.queueId, remembered)
      this.#byKey.set(textOf(change.key), remembered)
    }
    if (before === undefined || isChanged(before, change)) this.#add(remembered, change, before)
    remembered.latest = change
  }

  /** Forgets what no longer changes and, when it is told which queues there are, those that are gone. */
  tidy(living: ReadonlySet<number> | undefined): void {
    for (const [queueId, remembered] of this.#byId) {
      if (remembered.history?.isOver(this.#sampledAtMs) === true) remembered.history = undefined
      if (living === undefined || living.has(queueId)) continue
      this.#byId.delete(queueId)
      const key = textOf(remembered.latest.key)
      if (this.#byKey.get(key) === remembered) this.#byKey.delete(key)
    }
  }

  historyOf(queueId: number): QueueHistory | undefined {
    return this.#byId.get(queueId)?.history
  }

  /** Visible messages when the queue was last read; 0 when it never was. */
  visibleOf(queueId: number): number {
    return this.#byId.get(queueId)?.latest.visible ?? 0
  }

  historyOfKey(key: QueueKey): QueueHistory | undefined {
    return this.#byKey.get(textOf(key))?.history
  }

  /** The queues that changed in the time that is remembered; not those whose name another one has now. */
  *changed(): Generator<{ readonly key: QueueKey; readonly history: QueueHistory }> {
    for (const { latest, history } of this.#byKey.values()) {
      if (history !== undefined) yield { key: latest.key, history }
    }
  }

  /** One sample of a queue. Without a history it has been for long as it is now. */
  sampleOf(key: QueueKey, span: 'fine' | 'coarse', step: number, stepSeconds: number): HistorySample {
    const remembered = this.#byKey.get(textOf(key))
    if (remembered === undefined) return NOTHING_HAPPENED
    if (remembered.history !== undefined) return remembered.history[span](step)
    return toSample(remembered.latest, remembered.latest, (step + 1) * stepSeconds * 1000)
  }

  #add(remembered: Remembered, change: QueueChange, before: QueueChange | undefined): void {
    const atMs = this.#sampledAtMs
    if (remembered.history === undefined) {
      remembered.history = new QueueHistory()
      const sinceMs = Math.max(this.#startedAtMs ?? atMs, atMs - HISTORY_MS)
      if (before !== undefined) remembered.history.add(sinceMs, toSample(before, before, sinceMs))
    }
    remembered.history.add(atMs, toSample(change, before, atMs))
  }
}

function isChanged(before: QueueChange, now: QueueChange): boolean {
  return (
    before.visible !== now.visible ||
    before.inFlight !== now.inFlight ||
    before.delayed !== now.delayed ||
    before.oldestSentAtMs !== now.oldestSentAtMs ||
    COUNTED.some((name) => before.totals[name] !== now.totals[name])
  )
}

function toSample(change: QueueChange, before: QueueChange | undefined, atMs: number): HistorySample {
  const { visible, inFlight, delayed, oldestSentAtMs, totals } = change
  const { totals: done } = before ?? { totals: NOTHING_HAPPENED }
  return {
    visible,
    inFlight,
    delayed,
    oldestAgeSeconds: oldestSentAtMs === undefined ? Number.NaN : Math.max(0, atMs - oldestSentAtMs) / 1000,
    sent: totals.sent - done.sent,
    received: totals.received - done.received,
    deleted: totals.deleted - done.deleted,
    expired: totals.expired - done.expired,
    deadLettered: totals.deadLettered - done.deadLettered,
    leasesExpired: totals.leasesExpired - done.leasesExpired,
  }
}

function textOf({ accountId, name }: QueueKey): string {
  return `${accountId}/${name}`
}
