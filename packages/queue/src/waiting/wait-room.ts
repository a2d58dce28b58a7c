import { QueueError } from '../errors.ts'
import type { ClaimedMessage } from '../messages/claim-statement.ts'
import type { LiveQueue } from '../queues/live-queue.ts'
import type { CallerSignal, WakeCause } from '../types.ts'
import { DueTimer } from './due-timer.ts'
import { type Haul, QueueSearch, type SearchContext, StaleQueue } from './queue-search.ts'

/** Messages that one claim asks for, at most; more waiting receives are served by the next one. */
const CLAIM_COUNT_MAX = 1_000

/**
 * A long poll that joins others on a queue found empty this recently needs no look of its own, if it waits long enough for the safety tick to
 * tell it what a lost notice did not: nobody hears "empty" while there is something (G25).
 */
const EMPTY_IS_KNOWN_MS = 1_000
const LONG_WAIT_MS = 4_000

/** What a room needs from the engine. */
export interface WaitRoomContext extends SearchContext {
  /** The queue as it is now. @throws QueueError `queueNotFound`, `unavailable` */
  reload(): Promise<LiveQueue>
  /** Gives back messages that were claimed for somebody who has left. */
  release(messages: readonly ClaimedMessage[]): void
  /** Leases were given that end in `delayMs`. */
  leased(delayMs: number): void
  onWake(cause: WakeCause): void
  /** Somebody who waited got messages, so long after the wake-up that led to them. */
  onServed(cause: WakeCause, seconds: number): void
  /** Nobody waits here any more. */
  onEmpty(): void
}

/** A receive in the room. */
export interface Visit {
  readonly maxMessages: number
  /** `undefined`: the queue's own. */
  readonly timeoutSeconds: number | undefined
  /** `undefined`: the queue's own. */
  readonly waitSeconds: number | undefined
  /** On FIFO queues: what this receive has in common with its repetitions. */
  readonly attemptId: string | undefined
  readonly signal: CallerSignal | undefined
}

interface Visitor extends Visit {
  readonly arrivedAtMs: number
  /** The queue has been looked at on this visitor's behalf. */
  hasLooked: boolean
  /** A claim for this visitor is under way. */
  isServed: boolean
  timer: NodeJS.Timeout | undefined
  /** Undefined once answered. */
  answer: { resolve(messages: readonly ClaimedMessage[]): void; reject(error: unknown): void } | undefined
}

interface WakeUp {
  readonly cause: WakeCause
  readonly atMs: number
}

/**
 * The waiting room of one queue on one node: receives wait in memory, in the order of their arrival, and one claim at a
 * time asks for as many messages as they want together. Nothing is claimed that nobody waits for. Waiting costs no
 * database work: a look is taken when somebody arrives and when something happened (`wake`), and a timer knows the next
 * moment at which a message becomes due.
 */
export class WaitRoom {
  readonly #context: WaitRoomContext
  readonly #visitors = new Set<Visitor>()
  /** Those on whose behalf nobody has looked yet. */
  #newcomers = new Set<Visitor>()
  readonly #search: QueueSearch
  readonly #due: DueTimer
  #live: LiveQueue
  #isRunning = false
  #isDraining = false
  /**
   * What happened since the last look: 0 for nothing, the number of the newest tick that stored something, or `Infinity` for what
   * another look alone can tell.
   */
  #news = 0
  /** The last look has seen everything that was stored up to this tick. */
  #seenTick = 0
  /** The first wake-up since the last look. */
  #wokenBy: WakeUp | undefined
  /** When a look found nothing and nothing has happened since. */
  #emptySinceMs = Number.NEGATIVE_INFINITY

  constructor(live: LiveQueue, context: WaitRoomContext) {
    this.#live = live
    this.#context = context
    this.#search = new QueueSearch(context)
    this.#due = new DueTimer(() => this.wake('due'))
  }

  get live(): LiveQueue {
    return this.#live
  }
  get size(): number {
    return this.#visitors.size
  }

  /**
   * Resolves with at least one message, or with none when the visit's time is over.
   * @throws QueueGone, and whatever a claim throws
   */
  enter(visit: Visit): Promise<readonly ClaimedMessage[]> {
    return new Promise((resolve, reject) => {
      const visitor: Visitor = {
        ...visit,
        arrivedAtMs: performance.now(),
        hasLooked: false,
        isServed: false,
        timer: undefined,
        answer: { resolve, reject },
      }
      if (visit.signal?.aborted) {
        resolve([])
        return
      }
      visit.signal?.addEventListener('abort', () => this.#leave(visitor))
      const isKnownEmpty = performance.now() - this.#emptySinceMs < EMPTY_IS_KNOWN_MS && this.#visitors.size > 0
      this.#visitors.add(visitor)
      // What a repeated receive is owed is there even where nothing else is.
      if (isKnownEmpty && visit.attemptId === undefined && this.#waitMs(visitor) >= LONG_WAIT_MS) {
        this.#startWaiting(visitor)
      } else {
        this.#newcomers.add(visitor)
        this.#pump()
      }
    })
  }

  /**
   * Something may be deliverable now.
   * @param tick the tick that stored it, if one did: a look that was part of it, or came later, has seen it
   */
  wake(cause: WakeCause, tick = Number.POSITIVE_INFINITY): void {
    if (tick <= this.#seenTick) return
    this.#emptySinceMs = Number.NEGATIVE_INFINITY
    if (this.#visitors.size === 0) return
    this.#news = Math.max(this.#news, tick)
    this.#wokenBy ??= { cause, atMs: performance.now() }
    this.#context.onWake(cause)
    this.#pump()
  }

  /**
   * The next tick stores something: whoever waits looks in that same tick, which is one commit less on the way to them. Claims of FIFO queues
   * and of queues with groups are not part of it and wait until it is there.
   */
  expect(): void {
    const { queue, families } = this.#live
    // A look that is under way is part of that tick, or its end finds the news of it.
    if (this.#isRunning || queue.fifo !== undefined || families.some((family) => family.length > 1)) return
    this.wake('send')
  }

  /** Something becomes deliverable in `delayMs`. */
  dueIn(delayMs: number): void {
    if (this.#visitors.size > 0) this.#due.atLatest(delayMs)
    else this.#emptySinceMs = Number.NEGATIVE_INFINITY
  }

  /** Everybody who waits gets this error now. */
  rejectAll(error: QueueError): void {
    for (const visitor of [...this.#visitors]) if (!visitor.isServed) this.#answer(visitor, error)
  }

  /** From now on nobody waits: whoever does is answered now. */
  drain(): void {
    this.#isDraining = true
    for (const visitor of [...this.#visitors]) if (visitor.hasLooked && !visitor.isServed) this.#answer(visitor, [])
  }

  #waitMs(visitor: Visitor): number {
    if (this.#isDraining) return 0
    const seconds = visitor.waitSeconds ?? this.#live.queue.settings.receiveWaitSeconds
    return visitor.arrivedAtMs + seconds * 1000 - performance.now()
  }

  #startWaiting(visitor: Visitor): void {
    visitor.hasLooked = true
    const waitMs = this.#waitMs(visitor)
    if (waitMs <= 0) this.#answer(visitor, [])
    else visitor.timer ??= setTimeout(() => this.#timeIsOver(visitor), waitMs)
  }

  #timeIsOver(visitor: Visitor): void {
    // A claim that is under way answers by itself.
    if (visitor.isServed) visitor.timer = undefined
    else this.#answer(visitor, [])
  }

  #leave(visitor: Visitor): void {
    if (visitor.answer !== undefined) this.#answer(visitor, [])
  }

  #answer(visitor: Visitor, outcome: readonly ClaimedMessage[] | Error): void {
    clearTimeout(visitor.timer)
    this.#visitors.delete(visitor)
    this.#newcomers.delete(visitor)
    const { answer } = visitor
    visitor.answer = undefined
    if (outcome instanceof Error) answer?.reject(outcome)
    else answer?.resolve(outcome)
    if (this.#visitors.size === 0 && !this.#isRunning) this.#becomeEmpty()
  }

  #becomeEmpty(): void {
    this.#due.clear()
    this.#context.onEmpty()
  }

  #pump(): void {
    if (this.#isRunning) return
    this.#isRunning = true
    this.#serve()
      .catch((error: unknown) => this.#failEverybody(error))
      .finally(() => {
        this.#isRunning = false
        if (this.#visitors.size === 0) this.#becomeEmpty()
        else if (this.#news > 0 || this.#newcomers.size > 0) this.#pump()
      })
  }

  #failEverybody(error: unknown): void {
    for (const visitor of [...this.#visitors]) this.#answer(visitor, error as Error)
  }

  /** Claims for those who wait, until nothing is left to hand out or nobody to hand it to. */
  async #serve(): Promise<void> {
    // A wake-up is answered by as many looks as it takes to find nothing more.
    let wokenBy: WakeUp | undefined
    while (this.#visitors.size > 0 && (this.#news > 0 || this.#newcomers.size > 0)) {
      const newcomers = this.#newcomers
      this.#newcomers = new Set()
      // When nothing has happened since the last look, those it was for need no other; it was for everybody but attempts.
      const group = this.#nextGroup(this.#news > 0 ? this.#visitors : newcomers)
      this.#news = 0
      wokenBy ??= this.#wokenBy
      this.#wokenBy = undefined
      const wanted = group.reduce((sum, visitor) => sum + visitor.maxMessages, 0)
      for (const visitor of group) visitor.isServed = true
      let isEmpty = false
      try {
        const timeoutSeconds = this.#timeoutSeconds(group[0]?.timeoutSeconds)
        const { messages, shares, hasMore, tick, nextDueInMs } = await this.#search.claim(
          this.#live,
          group,
          wanted,
          timeoutSeconds,
        )
        if (nextDueInMs !== undefined) this.#due.atLatest(nextDueInMs + 1)
        if (messages.length > 0) {
          this.#due.atLatest(timeoutSeconds * 1000 + 1)
          this.#context.leased(timeoutSeconds * 1000)
        }
        this.#seenTick = tick
        if (this.#news <= tick) this.#news = 0
        this.#handOut(group, messages, shares, wokenBy)
        isEmpty = messages.length < wanted && !hasMore
        if (messages.length === 0 && !hasMore) this.#emptySinceMs = performance.now()
      } catch (error) {
        await this.#recover(group, error)
      }
      // A full answer may have left more behind; a smaller one is an answer to everybody who was here before it.
      if (isEmpty) wokenBy = undefined
      else this.#news = Number.POSITIVE_INFINITY
      for (const visitor of newcomers) {
        if (visitor.answer === undefined) continue
        if (isEmpty && (visitor.attemptId === undefined || group.includes(visitor))) this.#startWaiting(visitor)
        else this.#newcomers.add(visitor)
      }
    }
  }

  /** The longest waiting visitor and those who want the same timeout, up to a cap; no attempt stands in it twice. */
  #nextGroup(visitors: ReadonlySet<Visitor>): Visitor[] {
    const group: Visitor[] = []
    const attempts = new Set<string>()
    let count = 0
    let timeoutSeconds: number | undefined
    for (const visitor of visitors) {
      const timeout = this.#timeoutSeconds(visitor.timeoutSeconds)
      if (timeoutSeconds !== undefined && timeout !== timeoutSeconds) continue
      if (visitor.attemptId !== undefined && attempts.has(visitor.attemptId)) continue
      if (group.length > 0 && count + visitor.maxMessages > CLAIM_COUNT_MAX) break
      timeoutSeconds = timeout
      count += visitor.maxMessages
      if (visitor.attemptId !== undefined) attempts.add(visitor.attemptId)
      group.push(visitor)
    }
    return group
  }

  #timeoutSeconds(given: number | undefined): number {
    return given ?? this.#live.queue.settings.visibilityTimeoutSeconds
  }

  #handOut(
    group: readonly Visitor[],
    messages: readonly ClaimedMessage[],
    shares: Haul['shares'],
    wokenBy: WakeUp | undefined,
  ): void {
    let next = 0
    const nowMs = performance.now()
    for (const [i, visitor] of group.entries()) {
      visitor.isServed = false
      const share = messages.slice(next, next + (shares === undefined ? visitor.maxMessages : (shares[i] ?? 0)))
      if (visitor.answer === undefined) {
        // A share of a FIFO queue is whole groups: nobody else gets it, unless its receive comes again.
        if (shares !== undefined && share.length > 0) {
          if (visitor.attemptId === undefined) this.#context.release(share)
          next += share.length
        }
        continue
      }
      next += share.length
      if (share.length > 0 && visitor.hasLooked && wokenBy !== undefined) {
        this.#context.onServed(wokenBy.cause, (nowMs - Math.max(wokenBy.atMs, visitor.arrivedAtMs)) / 1000)
      }
      // Its time may have ended during the claim.
      if (share.length > 0 || (visitor.hasLooked && this.#waitMs(visitor) <= 0)) this.#answer(visitor, share)
    }
    // Whoever these were claimed for has left in the meantime.
    if (next < messages.length) this.#context.release(messages.slice(next))
  }

  /** A stale copy of the queue is brought up to date; any other error is everybody's. */
  async #recover(group: readonly Visitor[], error: unknown): Promise<void> {
    for (const visitor of group) visitor.isServed = false
    if (!(error instanceof StaleQueue)) throw error
    const live = await this.#context.reload().catch((reason: unknown) => {
      throw reason instanceof QueueError && reason.code === 'queueNotFound' ? new QueueGone() : reason
    })
    if (live.queue.id !== this.#live.queue.id) throw new QueueGone()
    this.#live = live
  }
}

/**
 * The queue of a room was deleted. Whether another one has its name is for everybody who waited to find out anew: some came after that
 * one was created, and before the room knew (G25).
 */
export class QueueGone extends Error {}
