import type { DutyHealth, EngineLogger, EngineObserver } from '../types.ts'

export interface ServiceOptions {
  readonly name: string
  /** Rest between two rounds. */
  readonly intervalMs: number
  readonly logger: EngineLogger
  readonly observer: EngineObserver
  /**
   * One round of the duty. It should end early when the signal is aborted: the node stops. A number says that the next round is
   * wanted after so many milliseconds, if that is before `intervalMs` is over.
   */
  round(signal: AbortSignal): Promise<number | undefined> | Promise<void>
}

/**
 * A background duty. `start` returns at once, `stop` when it has really stopped (twice is fine), `runOnce` does one round
 * and is what tests call. A round that fails is logged and tried again after the usual rest.
 */
export class Service {
  readonly #options: ServiceOptions
  #timer: NodeJS.Timeout | undefined
  #stopping = new AbortController()
  #isStopped = true
  #isAskedAgain = false
  #round: Promise<number | undefined> | undefined
  #succeededAtMs: number | undefined
  #failuresInARow = 0
  #lastError: string | undefined

  constructor(options: ServiceOptions) {
    this.#options = options
  }

  start(): void {
    if (!this.#isStopped) return
    this.#isStopped = false
    this.#stopping = new AbortController()
    this.#schedule(this.#options.intervalMs)
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#stopping.abort()
    clearTimeout(this.#timer)
    await this.#round?.catch(() => undefined)
  }

  /** Brings the next round forward to now. While one is under way, another follows it at once. */
  wake(): void {
    this.#isAskedAgain = true
    if (this.#isStopped || this.#round !== undefined) return
    clearTimeout(this.#timer)
    this.#schedule(0)
  }

  /** One round now; joins the one under way, if there is one. Rejects when it fails. */
  async runOnce(): Promise<void> {
    await this.#runOnce()
  }

  /** How its rounds went. */
  get health(): DutyHealth {
    const { name, intervalMs } = this.#options
    return {
      name,
      intervalSeconds: intervalMs / 1_000,
      succeededSecondsAgo:
        this.#succeededAtMs === undefined ? undefined : (performance.now() - this.#succeededAtMs) / 1_000,
      failuresInARow: this.#failuresInARow,
      lastError: this.#lastError,
    }
  }

  #runOnce(): Promise<number | undefined> {
    this.#round ??= this.#execute().finally(() => {
      this.#round = undefined
    })
    return this.#round
  }

  #schedule(restMs: number): void {
    if (this.#isStopped) return
    this.#timer = setTimeout(() => {
      this.#runOnce()
        .catch(() => undefined)
        .then((wantedMs) => {
          const { intervalMs } = this.#options
          this.#schedule(this.#isAskedAgain ? 0 : Math.min(intervalMs, wantedMs ?? intervalMs))
        })
    }, restMs)
    this.#timer.unref()
  }

  async #execute(): Promise<number | undefined> {
    const { name, logger, observer } = this.#options
    const startedAtMs = performance.now()
    const seconds = () => (performance.now() - startedAtMs) / 1000
    this.#isAskedAgain = false
    try {
      const wantedMs = await this.#options.round(this.#stopping.signal)
      this.#succeededAtMs = performance.now()
      this.#failuresInARow = 0
      this.#lastError = undefined
      observer.serviceRound?.(name, seconds())
      return wantedMs ?? undefined
    } catch (error) {
      this.#failuresInARow += 1
      this.#lastError = error instanceof Error ? error.message : String(error)
      observer.serviceRound?.(name, seconds(), error)
      if (!this.#isStopped)
        logger.warn({ err: error, service: name }, 'a background duty failed; it will be tried again')
      throw error
    }
  }
}
