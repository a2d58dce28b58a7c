import type { DeadLetterOutcome, DeadLetterRoute } from '../dead-letters/dead-letter-columns.ts'
import type { FairClaimItem, FairClaimOutcome } from '../fair/fair-claim-statement.ts'
import { LevelCredit } from '../fair/level-credit.ts'
import type { FifoClaimItem } from '../fifo/fifo-claim-statement.ts'
import type { ClaimedMessage, ClaimItem, ClaimOutcome } from '../messages/claim-statement.ts'
import type { LiveQueue } from '../queues/live-queue.ts'
import type { Queue } from '../types.ts'
import { DueFloor } from './due-floor.ts'

/** Claims that find a target of dead letters gone, one after the other, before the messages stay where they are for now. */
const ATTEMPTS_MAX = 3

/** What a search needs from the engine. */
export interface SearchContext {
  claim(item: ClaimItem): Promise<ClaimOutcome>
  fairClaim(item: FairClaimItem): Promise<FairClaimOutcome>
  fifoClaim(item: FifoClaimItem): Promise<ClaimOutcome>
  /** The dead-letter queue of a queue, if there is one at the moment; `isFresh` when a copy of it turned out to be outdated. */
  deadLetterQueue(queue: Queue, isFresh: boolean): Promise<LiveQueue | undefined>
  /** Messages were moved there. */
  deadLettered(target: LiveQueue, outcome: DeadLetterOutcome): void
  trustedNowMs(): number
}

/** A receive that messages are wanted for. */
export interface Seeker {
  readonly maxMessages: number
  readonly attemptId: string | undefined
  /** Undefined once it was answered. */
  readonly answer: unknown
}

/** What a claim brought. */
export interface Haul {
  readonly messages: readonly ClaimedMessage[]
  /** See {@link ClaimOutcome}. */
  readonly shares: readonly number[] | undefined
  readonly hasMore: boolean
  /** In how many milliseconds the next message becomes due, if any will. */
  readonly nextDueInMs: number | undefined
  /** Everything has been looked at that was stored up to this tick. */
  readonly tick: number
}

/** Claims from all lanes of a queue, with what former searches have learnt of them. */
export class QueueSearch {
  readonly #context: SearchContext
  readonly #floors = new Map<number, DueFloor>()
  /** By the roots of families that have deeper levels. */
  readonly #credits = new Map<number, LevelCredit>()
  #nextFamily = 0

  constructor(context: SearchContext) {
    this.#context = context
  }

  /**
   * Messages for a group of receives; every family of lanes is tried before it gives up.
   * @throws StaleQueue, and whatever a claim throws
   */
  async claim(live: LiveQueue, group: readonly Seeker[], wanted: number, timeoutSeconds: number): Promise<Haul> {
    const messages: ClaimedMessage[] = []
    const dues: number[] = []
    const isWanted = () => group.some((seeker) => seeker.answer !== undefined)
    let shares: readonly number[] | undefined
    let hasMore = false
    let tick: number | undefined
    const { families } = live
    const start = this.#nextFamily++ % Math.max(1, families.length)
    for (let i = 0; i < families.length && messages.length < wanted; i++) {
      const family = families[(start + i) % families.length]
      if (family === undefined) break
      const outcome =
        live.queue.fifo === undefined
          ? await this.#claimFromFamily(live, family, wanted - messages.length, timeoutSeconds, isWanted)
          : await this.#claimFromFifoLane(live, family[0] as number, group, timeoutSeconds)
      messages.push(...outcome.messages)
      shares = outcome.shares
      hasMore ||= outcome.hasMore === true
      // What was stored after the first of them may be where nobody looks any more.
      tick ??= outcome.tick ?? 0
      if (outcome.nextDueInMs !== undefined) dues.push(outcome.nextDueInMs)
      if (outcome.state === 'stale') {
        if (messages.length > 0) break
        throw new StaleQueue()
      }
    }
    const nextDueInMs = dues.length === 0 ? undefined : Math.min(...dues)
    return { messages, shares, hasMore, tick: tick ?? 0, nextDueInMs }
  }

  #claimFromFifoLane(
    live: LiveQueue,
    lane: number,
    group: readonly Seeker[],
    timeoutSeconds: number,
  ): Promise<ClaimOutcome> {
    const { bucket, version, queue } = live
    const item = {
      bucket,
      lane,
      version,
      receives: group.map((seeker) => ({
        size: seeker.maxMessages,
        attemptId: seeker.attemptId,
        isWanted: () => seeker.answer !== undefined,
      })),
      timeoutSeconds,
      retentionSeconds: queue.settings.retentionSeconds,
      delaySeconds: queue.settings.delaySeconds,
      trustedNowMs: this.#context.trustedNowMs(),
    }
    return this.#claimOrMove(live.queue, (deadLetters) => this.#context.fifoClaim({ ...item, deadLetters }))
  }

  async #claimFromFamily(
    live: LiveQueue,
    family: readonly number[],
    count: number,
    timeoutSeconds: number,
    isWanted: () => boolean,
  ): Promise<ClaimOutcome> {
    const [lane] = family as [number]
    const floors = family.map((each) => entryOf(this.#floors, each, () => new DueFloor()))
    const floorsMs = floors.map((floor) => floor.next())
    const item = {
      bucket: live.bucket,
      version: live.version,
      count,
      timeoutSeconds,
      retentionSeconds: live.queue.settings.retentionSeconds,
      trustedNowMs: this.#context.trustedNowMs(),
      isWanted,
    }
    const startedAtMs = performance.now()
    const hasSearched = (outcome: ClaimOutcome, level: number, isNothingDue: boolean) =>
      floors[level]?.searched(
        floorsMs[level] as number,
        outcome.nowMs,
        outcome.state === 'claimed' && isNothingDue,
        performance.now() - startedAtMs,
      )
    if (family.length === 1) {
      const only = { ...item, lane, floorMs: floorsMs[0] as number }
      const outcome = await this.#claimOrMove(live.queue, (deadLetters) =>
        inTurn((wait) => this.#context.claim({ ...only, deadLetters, wait })),
      )
      hasSearched(outcome, 0, outcome.isNothingDue)
      return outcome
    }
    const credit = entryOf(this.#credits, lane, () => new LevelCredit())
    const owed = credit.owed(count, family.length)
    const levels = family.map((each, level) => ({ lane: each, floorMs: floorsMs[level] as number }))
    const outcome = await this.#claimOrMove(live.queue, (deadLetters) =>
      inTurn((wait) => this.#context.fairClaim({ ...item, levels, owed, deadLetters, wait })),
    )
    outcome.levels.forEach((level, i) => {
      hasSearched(outcome, i, level.isNothingDue)
    })
    if (outcome.state === 'claimed') {
      credit.settle(
        owed,
        outcome.levels.slice(1).reduce((sum, level) => sum + level.served, 0),
      )
    }
    return outcome
  }

  /** A claim with the way for its dead letters; again when that way turns out to be outdated and nothing came of the claim. */
  async #claimOrMove<Outcome extends ClaimOutcome>(
    queue: Queue,
    claim: (deadLetters: DeadLetterRoute | undefined) => Promise<Outcome>,
  ): Promise<Outcome> {
    for (let attempt = 1; ; attempt++) {
      const target = await this.#context.deadLetterQueue(queue, attempt > 1)
      const outcome = await claim(target && deadLetterRoute(queue, target))
      const { deadLetters } = outcome
      if (target === undefined || deadLetters === undefined) return outcome
      if (deadLetters.moved > 0) this.#context.deadLettered(target, deadLetters)
      if (!deadLetters.isTargetGone || outcome.messages.length > 0 || attempt === ATTEMPTS_MAX) return outcome
    }
  }
}

/** Somebody else is claiming there: wait for our turn, which is short, instead of answering that there is nothing. */
async function inTurn<Outcome extends ClaimOutcome>(claim: (wait: boolean) => Promise<Outcome>): Promise<Outcome> {
  const outcome = await claim(false)
  return outcome.state === 'busy' ? claim(true) : outcome
}

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}

let nextDeadFamily = 0

/** The families of the target take turns; dead letters go to their first lanes. */
function deadLetterRoute({ name, deadLetter }: Queue, { bucket, families }: LiveQueue): DeadLetterRoute | undefined {
  const lane = families[nextDeadFamily++ % families.length]?.[0]
  if (lane === undefined || deadLetter === undefined) return undefined
  return { bucket, lane, receiveCountMax: deadLetter.receiveCountMax, queueName: name }
}

/** The lanes that were to be searched are gone or have another version. */
export class StaleQueue extends Error {}
