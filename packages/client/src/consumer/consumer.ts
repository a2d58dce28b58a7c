import { pause } from '../http/pause.ts'
import { retryPauseSeconds } from '../http/retry-policy.ts'
import type { Queue } from '../queue.ts'
import { StanchionError } from '../stanchion-error.ts'
import type { Message } from '../types.ts'
import { chunksOf, REQUEST_ENTRIES_MAX } from './chunks-of.ts'
import {
  type ConsumerOptions,
  type ConsumerSettings,
  LEASE_SECONDS_MAX,
  type MessageBatch,
  settleOptions,
} from './consumer-options.ts'
import { DeleteBuffer } from './delete-buffer.ts'
import { Heartbeat } from './heartbeat.ts'
import { HeldLease } from './held-lease.ts'
import { planWork, type WorkChain } from './plan-work.ts'

/** No more is received while so many deletes are not answered. */
const DELETES_PENDING_MAX = 1_000

/** Receives from a queue and calls a handler, until it is stopped. */
export class Consumer {
  readonly #queue: Queue
  readonly #settings: ConsumerSettings
  readonly #heartbeat: Heartbeat
  readonly #deletes: DeleteBuffer
  readonly #stopping = new AbortController()
  /** What the handlers of this moment are told when the time to stop is over. */
  readonly #giveUp = new AbortController()
  readonly #chains = new Set<Promise<void>>()
  /** What is received and neither deleted nor released. */
  readonly #inHand = new Set<HeldLease>()
  #busy = 0
  #receiving: Promise<void> | undefined
  #stopped: Promise<void> | undefined
  #wake = () => {}

  constructor(queue: Queue, options: ConsumerOptions) {
    this.#queue = queue
    const settings = settleOptions(options)
    this.#settings = { ...settings, onError: outside(settings.onError) }
    this.#heartbeat = new Heartbeat(queue, this.#settings)
    this.#deletes = new DeleteBuffer(queue, this.#settings, (leases) => {
      for (const lease of leases) this.#inHand.delete(lease)
      // Until the delete was answered the lease must not end.
      void this.#heartbeat.letGo(leases)
      this.#wake()
    })
    const { signal } = options
    if (signal?.aborted === true) void this.stop()
    signal?.addEventListener('abort', () => void this.stop(), { once: true })
  }

  /** Begins to receive. A consumer that was stopped stays stopped. */
  start(): this {
    if (this.#stopping.signal.aborted || this.#receiving !== undefined) return this
    this.#heartbeat.start()
    this.#receiving = this.#receiveAll()
    return this
  }

  /**
   * Receives no more, lets the running handlers finish and deletes what they have done. What is not done after
   * `timeoutSeconds` (30 when absent) is released and its handler's signal aborted. Resolves when all that is over;
   * stopping twice is fine.
   */
  stop({ timeoutSeconds = 30 }: { readonly timeoutSeconds?: number } = {}): Promise<void> {
    this.#stopped ??= this.#stopInOrder(timeoutSeconds)
    return this.#stopped
  }

  async #stopInOrder(timeoutSeconds: number): Promise<void> {
    this.#stopping.abort(new Error('The consumer is stopping.'))
    this.#wake()
    await this.#receiving
    const finished = new AbortController()
    const chains = Promise.all(this.#chains).then(() => finished.abort())
    await Promise.race([chains, pause(timeoutSeconds, finished.signal).catch(() => undefined)])
    if (!finished.signal.aborted) {
      this.#giveUp.abort(new Error('The time to stop is over.'))
      await this.#deletes.drain()
      await this.#release([...this.#inHand], () => 0)
    }
    await this.#deletes.drain()
    this.#heartbeat.stop()
  }

  async #receiveAll(): Promise<void> {
    const { signal } = this.#stopping
    for (let failures = 0; !signal.aborted; ) {
      const maxMessages = this.#room()
      if (maxMessages === 0) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
        continue
      }
      try {
        const { waitSeconds, visibilityTimeoutSeconds } = this.#settings
        const request = { maxMessages, waitSeconds, visibilityTimeoutSeconds }
        this.#take(await this.#queue.receive(request, { signal, attemptsMax: 1 }))
        failures = 0
      } catch (error) {
        if (signal.aborted) return
        failures += 1
        this.#settings.onError(error, { during: 'receive', messages: [] })
        await pause(this.#backoffSeconds(failures, error), signal).catch(() => undefined)
      }
    }
  }

  /** How many messages may be received now. */
  #room(): number {
    const { concurrency, isBatched, batchSize } = this.#settings
    if (this.#deletes.pending >= DELETES_PENDING_MAX) return 0
    if (isBatched) return this.#busy < concurrency ? batchSize : 0
    return concurrency - this.#busy
  }

  #backoffSeconds(failures: number, error: unknown): number {
    const { backoffSecondsMax } = this.#settings
    const retryAfterSeconds = error instanceof StanchionError ? error.retryAfterSeconds : undefined
    return retryPauseSeconds({ backoffSeconds: 0.5, backoffSecondsMax }, failures, retryAfterSeconds)
  }

  #take(messages: readonly Message[]): void {
    const leases = messages.map((message) => new HeldLease(message))
    for (const lease of leases) {
      this.#inHand.add(lease)
      this.#heartbeat.hold(lease)
    }
    for (const chain of planWork(leases, this.#queue.isFifo, this.#settings)) {
      const running = this.#runChain(chain).finally(() => this.#chains.delete(running))
      this.#chains.add(running)
    }
  }

  /** When a call fails, what stands behind it would be out of order, so it goes back with it. */
  async #runChain(chain: WorkChain): Promise<void> {
    this.#busy += chain.length
    let isInOrder = true
    for (const leases of chain) {
      if (isInOrder && !this.#stopping.signal.aborted) isInOrder = await this.#run(leases)
      else await this.#release(leases, () => 0)
      this.#busy -= 1
      this.#wake()
    }
  }

  /** @returns whether all of it was done, by us alone */
  async #run(leases: readonly HeldLease[]): Promise<boolean> {
    const failed = await this.#handle(leases)
    if (this.#giveUp.signal.aborted) return false
    const isFailed = ({ message }: HeldLease) => failed.has(message)
    for (const lease of leases) if (!isFailed(lease)) this.#deletes.add(lease)
    await this.#release(leases.filter(isFailed), this.#settings.retryDelaySeconds)
    return failed.size === 0 && !leases.some(({ lost }) => lost.aborted)
  }

  /** @returns the messages that failed */
  async #handle(leases: readonly HeldLease[]): Promise<ReadonlySet<Message>> {
    const { handleBatch, around, onError } = this.#settings
    const messages = leases.map(({ message }) => message) as unknown as MessageBatch
    const signal = AbortSignal.any([this.#giveUp.signal, ...leases.map(({ lost }) => lost)])
    let failed: readonly Message[] | undefined
    try {
      await around(messages, async () => {
        failed = (await handleBatch(messages, { signal })) ?? []
      })
      if (failed === undefined) throw new Error('"around" must call "run", wait for it and let its errors through.')
      return new Set(failed)
    } catch (error) {
      onError(error, { during: 'handle', messages })
      return new Set(messages)
    }
  }

  /** Gives messages back, once. What was lost is not ours to give. */
  async #release(leases: readonly HeldLease[], delaySeconds: (message: Message) => number): Promise<void> {
    const ours = leases.filter((lease) => this.#inHand.delete(lease) && !lease.lost.aborted)
    await this.#heartbeat.letGo(leases)
    for (const part of chunksOf(ours, REQUEST_ENTRIES_MAX)) await this.#releasePart(part, delaySeconds)
  }

  async #releasePart(leases: readonly HeldLease[], delaySeconds: (message: Message) => number): Promise<void> {
    const { onError } = this.#settings
    try {
      const changes = leases.map(({ message }) => ({
        lease: message,
        visibilityTimeoutSeconds: this.#delayOf(message, delaySeconds),
      }))
      const results = await this.#queue.extendBatch(changes)
      for (const [i, { message }] of leases.entries()) {
        const error = results[i]?.error
        if (error !== undefined) onError(error, { during: 'release', messages: [message] })
      }
    } catch (error) {
      onError(error, { during: 'release', messages: leases.map(({ message }) => message) })
    }
  }

  /** A function that fails must not keep the message from being released. */
  #delayOf(message: Message, delaySeconds: (message: Message) => number): number {
    try {
      const seconds = Math.round(delaySeconds(message))
      if (seconds >= 0) return Math.min(seconds, LEASE_SECONDS_MAX)
      throw new RangeError(`retryDelaySeconds must answer 0 or more; it answered ${seconds}.`)
    } catch (error) {
      this.#settings.onError(error, { during: 'release', messages: [message] })
      return 0
    }
  }
}

/** Calls a callback so that what it throws reaches the process and not our loops. */
function outside<Args extends unknown[]>(callback: (...args: Args) => void): (...args: Args) => void {
  return (...args) => {
    try {
      callback(...args)
    } catch (error) {
      queueMicrotask(() => {
        throw error
      })
    }
  }
}
