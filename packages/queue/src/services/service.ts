import type { EngineLogger, EngineObserver } from '../types.ts'

export interface ServiceOptions {
  readonly name: string
  /** Rest between two rounds. */
  readonly intervalMs: number
  readonly logger: EngineLogger
  readonly observer: EngineObserver
  /** One round of the duty. */
  round(): Promise<void>
}

/**
 * A background duty. `start` returns at once, `stop` when it has really stopped (twice is fine), `runOnce` does one round
 * and is what tests call. A round that fails is logged and tried again after the usual rest.
 */
export class Service {
  readonly #options: ServiceOptions
  #timer: NodeJS.Timeout | undefined
  #isStopped = true
  #round: Promise<void> | undefined

  constructor(options: ServiceOptions) {
    this.#options = options
  }

  start(): void {
    if (!this.#isStopped) return
    this.#isStopped = false
    this.#schedule()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#round?.catch(() => undefined)
  }

  /** One round now; joins the one under way, if there is one. Rejects when it fails. */
  runOnce(): Promise<void> {
    this.#round ??= this.#execute().finally(() => {
      this.#round = undefined
    })
    return this.#round
  }

  #schedule(): void {
    if (this.#isStopped) return
    this.#timer = setTimeout(() => {
      this.runOnce()
        .catch(() => undefined)
        .finally(() => this.#schedule())
    }, this.#options.intervalMs)
    this.#timer.unref()
  }

  async #execute(): Promise<void> {
    const { name, logger, observer } = this.#options
    const startedAtMs = performance.now()
    const seconds = () => (performance.now() - startedAtMs) / 1000
    try {
      await this.#options.round()
      observer.serviceRound?.(name, seconds())
    } catch (error) {
      observer.serviceRound?.(name, seconds(), error)
      if (!this.#isStopped)
        logger.warn({ err: error, service: name }, 'a background duty failed; it will be tried again')
      throw error
    }
  }
}
