import { setTimeout as delay } from 'node:timers/promises'
import type { Outcome } from '../history/history-writer.ts'
import { wasNeverSent } from '../history/never-sent.ts'
import type { Random } from '../random.ts'
import type { Backlogs } from './backlogs.ts'
import { makeMessage, type NewMessage } from './message.ts'
import type { Moves } from './moves.ts'
import type { QueuePlan } from './queues.ts'
import type { RecordingWire, Target } from './recording-wire.ts'
import type { ReceiveOptions } from './wire/wire.ts'

/** What a client works with. */
export interface ClientOptions {
  readonly name: string
  readonly random: Random
  readonly wire: RecordingWire
  readonly targets: readonly Target[]
  readonly queues: readonly QueuePlan[]
  readonly backlogs: Backlogs
  readonly moves: Moves
}

interface Held {
  readonly plan: QueuePlan
  readonly handle: string
}

interface Attempt {
  readonly plan: QueuePlan
  readonly options: ReceiveOptions & { readonly attemptId: string }
}

const HELD_MAX = 40
const STALE_MAX = 30
const BATCH_MAX = 10
/** Of sends and receives of one message. */
const ALONE_CHANCE = 0.3
/** Of receives that wait. A client that waits does nothing else. */
const WAIT_CHANCE = 0.15
const DELAY_SECONDS_MAX = 2
const LEASE_SECONDS_MAX = 4
/** Of turns with a queue whose messages are moved. */
const MOVE_CHANCE = 0.04
const CANCEL_CHANCE = 0.3
const MOVES_PER_SECOND = [5, 50, 500] as const
const PURGE_CHANCE = 0.03
const AGAIN_CHANCE = 0.12
/** A send of a FIFO queue that is made twice at once, as by a client that does not like to wait. */
const TWICE_CHANCE = 0.1
/** A long poll whose client leaves before anything comes. */
const LEAVE_CHANCE = 0.06
const LEAVE_AFTER_MS = [1, 800] as const
const LEAVE_WAIT_SECONDS = 20
/** Of receives from FIFO queues with an attempt id, the first ones and those that are made again. */
const ATTEMPT_CHANCE = 0.3
const AGAIN_MAX = 2
const AT_ONCE_CHANCE = 0.5
/** After an error, so that a server that is down is not asked ten thousand times. Twice as long after each further one, up to a limit. */
const PAUSE_MS = [20, 60] as const
const PAUSE_FACTOR_MAX = 8

/**
 * A client that does what clients do, decently and not: it sends alone and in batches, sends the same again where deduplication allows
 * it, receives, deletes a part, extends and gives back, forgets, and uses handles that are superseded or altered.
 */
export class Client {
  readonly #options: ClientOptions
  /** Each queue as often as its weight says. */
  readonly #weighted: readonly QueuePlan[]
  #sent = 0
  #pauseFactor = 1
  #held: Held[] = []
  #stale: Held[] = []
  /** Receives that will be made again, each as often as it is in here. */
  #attempts: Attempt[] = []
  #attempted = 0
  /** Sends to FIFO queues that may be repeated, whatever became of them. */
  #repeatable: { readonly plan: QueuePlan; readonly message: NewMessage }[] = []

  constructor(options: ClientOptions) {
    this.#options = options
    this.#weighted = options.queues.flatMap((plan) => new Array<QueuePlan>(plan.weight).fill(plan))
  }

  /** Works until it is told to stop, and ends with its last request. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const outcome = await this.#step()
      if (outcome !== undefined) await this.#pauseAfter(outcome)
    }
  }

  async #pauseAfter(outcome: Outcome): Promise<void> {
    if (outcome.outcome === 'ok' || (outcome.outcome === 'fail' && !wasNeverSent(outcome.code))) {
      this.#pauseFactor = 1
      return
    }
    await delay(this.#options.random.between(...PAUSE_MS) * this.#pauseFactor)
    this.#pauseFactor = Math.min(PAUSE_FACTOR_MAX, this.#pauseFactor * 2)
  }

  #step(): Promise<Outcome | undefined> {
    const { random } = this.#options
    const plan = random.pick(this.#weighted)
    if (plan.isPurged && random.chance(PURGE_CHANCE)) return this.#clear(plan)
    if (plan.movesTo !== undefined && random.chance(MOVE_CHANCE)) return this.#move(plan.queue, plan.movesTo)
    const choice = random.next()
    if (choice < 0.3 && plan.takesSends && this.#options.backlogs.hasRoom(plan.queue)) return this.#send(plan)
    const isReceived = random.next() < (plan.receiveShare ?? 1)
    if (choice < 0.65 && isReceived && this.#held.length < HELD_MAX) return this.#receive(plan)
    if (choice < 0.7) return this.#misuse()
    return this.#use()
  }

  async #send(plan: QueuePlan): Promise<Outcome> {
    const { random, wire, backlogs } = this.#options
    const again = plan.kind === 'fifo' && random.chance(AGAIN_CHANCE)
    const repeated = again ? this.#repeatable.filter((each) => each.plan === plan) : []
    const messages =
      repeated.length > 0
        ? [this.#repeat(random.pick(repeated).message)]
        : Array.from({ length: random.chance(ALONE_CHANCE) ? 1 : random.between(2, BATCH_MAX) }, () => this.#make(plan))
    const [only] = messages
    const twice = plan.kind === 'fifo' && messages.length === 1 && only !== undefined && random.chance(TWICE_CHANCE)
    const [outcome] = await Promise.all([
      wire.send(this.#target(), plan.queue, messages),
      ...(twice ? [wire.send(this.#target(), plan.queue, [this.#repeat(only)])] : []),
    ])
    if (plan.kind === 'fifo') {
      this.#repeatable.push(...messages.map((message) => ({ plan, message })))
      this.#repeatable.splice(0, this.#repeatable.length - STALE_MAX)
    }
    if (outcome.outcome !== 'fail') backlogs.add(plan.queue, messages.length, plan.retentionSeconds)
    return outcome
  }

  #make({ kind, groups }: QueuePlan): NewMessage {
    const { random } = this.#options
    const value = this.#nextValue()
    const group = groups.length === 0 ? {} : { group: random.pick(groups) }
    if (kind === 'fifo') return makeMessage(random, value, { ...group, deduplicationId: `d-${value}` })
    const delaySeconds = random.chance(0.1) ? { delaySeconds: random.between(1, DELAY_SECONDS_MAX) } : {}
    return makeMessage(random, value, { ...group, ...delaySeconds })
  }

  /** The same id with another body, which is not stored when the first one was. */
  #repeat({ entry: { group, deduplicationId } }: NewMessage): NewMessage {
    return makeMessage(this.#options.random, this.#nextValue(), {
      ...(group === undefined ? {} : { group }),
      ...(deduplicationId === undefined ? {} : { deduplicationId }),
    })
  }

  async #receive(plan: QueuePlan): Promise<Outcome> {
    const { random, wire } = this.#options
    const target = this.#target()
    const attempt = plan.kind === 'fifo' ? this.#attempt(plan) : undefined
    const isLeaving = attempt === undefined && (target.isLeft || random.chance(LEAVE_CHANCE))
    const waitSeconds = random.chance(WAIT_CHANCE) ? 1 : 0
    const options: ReceiveOptions = attempt?.options ?? {
      max: random.chance(ALONE_CHANCE) ? 1 : random.between(2, BATCH_MAX),
      waitSeconds: isLeaving ? LEAVE_WAIT_SECONDS : waitSeconds,
      leaseSeconds: random.between(1, LEASE_SECONDS_MAX),
      ...(isLeaving ? { leaveAfterMs: random.between(...LEAVE_AFTER_MS) } : {}),
    }
    let outcome = await wire.receive(target, plan.queue, options)
    // As a client does that has not heard what it got, and now and then one that has.
    if (attempt !== undefined && (outcome.outcome === 'unknown' || random.chance(AT_ONCE_CHANCE))) {
      outcome = await wire.receive(this.#target(), plan.queue, options)
    }
    if (outcome.outcome === 'ok' && outcome.result.kind === 'receive') {
      const held = new Set(this.#held.map(({ handle }) => handle))
      const fresh = outcome.result.messages.filter(({ handle }) => !held.has(handle))
      this.#held.push(...fresh.map(({ handle }) => ({ plan, handle })))
    }
    return outcome
  }

  /** A receive that is made again, or that may be later; neither, mostly. */
  #attempt(plan: QueuePlan): Attempt | undefined {
    const { random, name } = this.#options
    if (!random.chance(ATTEMPT_CHANCE)) return undefined
    const made = this.#attempts.findIndex((attempt) => attempt.plan === plan)
    if (made >= 0) return this.#attempts.splice(made, 1)[0]
    this.#attempted += 1
    const options = { max: BATCH_MAX, waitSeconds: 0, leaseSeconds: LEASE_SECONDS_MAX }
    const attempt = { plan, options: { ...options, attemptId: `a-${name}-${this.#attempted}` } }
    this.#attempts.push(...new Array<Attempt>(random.between(1, AGAIN_MAX)).fill(attempt))
    return attempt
  }

  /** Deletes, changes or forgets a part of what it holds from one queue. */
  async #use(): Promise<Outcome | undefined> {
    const { random, wire, backlogs } = this.#options
    if (this.#held.length === 0) return this.#receive(random.pick(this.#options.queues))
    const { plan } = random.pick(this.#held)
    const ofQueue = this.#held.filter((held) => held.plan === plan)
    const chosen = random.chance(0.6) ? ofQueue : random.shuffle(ofQueue)
    const part = chosen.slice(0, random.between(1, BATCH_MAX))
    const handles = part.map(({ handle }) => handle)
    if (random.chance(0.25)) {
      const leaseSeconds = () => (random.chance(0.4) ? 0 : random.between(1, LEASE_SECONDS_MAX))
      const changes = handles.map((handle) => ({ handle, leaseSeconds: leaseSeconds() }))
      // What was given back may be deleted with the same handle, until it is received again.
      return wire.change(this.#target(), plan.queue, changes)
    }
    this.#held = this.#held.filter((held) => !part.includes(held))
    this.#stale.push(...part)
    this.#stale.splice(0, this.#stale.length - STALE_MAX)
    if (random.chance(0.12)) return undefined
    backlogs.add(plan.movedFrom ?? plan.queue, -handles.length)
    return wire.delete(this.#target(), plan.queue, handles)
  }

  /** Uses a handle that it has used already or that is over, or one that it has altered. */
  #misuse(): Promise<Outcome | undefined> {
    const { random, wire } = this.#options
    const [known] = random.shuffle(this.#stale)
    if (known === undefined) return this.#use()
    const { plan, handle } = known
    const isAltered = random.chance(0.3)
    const used = isAltered ? alter(random, handle) : handle
    if (random.chance(0.5)) return wire.delete(this.#target(), plan.queue, [used], isAltered)
    return wire.change(this.#target(), plan.queue, [{ handle: used, leaseSeconds: random.between(0, 1) }], isAltered)
  }

  /** Has a task move what is in a queue, slowly or fast, or cancels one. */
  async #move(queue: string, destination: string): Promise<Outcome | undefined> {
    const { random, wire, moves } = this.#options
    if (moves.task !== undefined && random.chance(CANCEL_CHANCE)) {
      return wire.cancelMove(this.#target(), queue, moves.task)
    }
    if (!moves.take()) return undefined
    const outcome = await wire.startMove(this.#target(), queue, destination, random.pick(MOVES_PER_SECOND))
    if (outcome.outcome === 'ok' && 'tasks' in outcome.result) moves.task = outcome.result.tasks[0]?.id
    return outcome
  }

  /** Purges a queue, or deletes it and creates it again. */
  async #clear(plan: QueuePlan): Promise<Outcome> {
    const { random, wire, backlogs } = this.#options
    backlogs.clear(plan.queue)
    if (random.chance(0.6)) return wire.purge(this.#target(), plan.queue)
    const outcome = await wire.deleteQueue(this.#target(), plan.queue)
    // Until it is there again, others hear that it is not.
    for (;;) {
      const created = await wire.createQueue(this.#target(), plan)
      if (created.outcome === 'ok') return outcome
      // Whatever it was: the name of a queue that was just deleted may be refused for a while.
      await delay(random.between(...PAUSE_MS))
      await this.#pauseAfter(created)
    }
  }

  #target(): Target {
    return this.#options.random.pick(this.#options.targets)
  }

  #nextValue(): string {
    this.#sent += 1
    return `${this.#options.name}-${this.#sent}`
  }
}

function alter(random: Random, handle: string): string {
  const at = random.between(0, handle.length - 1)
  return `${handle.slice(0, at)}${handle[at] === 'A' ? 'B' : 'A'}${handle.slice(at + 1)}`
}
