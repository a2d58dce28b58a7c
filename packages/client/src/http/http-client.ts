import { OPERATIONS } from '../generated/api.ts'
import { StanchionError } from '../stanchion-error.ts'
import { IS_REPEATABLE, type OperationAnswer, type OperationId, type OperationRequest } from './operation.ts'
import { pause } from './pause.ts'
import { type RetryPolicy, retryPauseSeconds } from './retry-policy.ts'
import { errorOfAnswer, errorOfConnection, invalidAnswer, timeoutError } from './to-error.ts'

/** What every call takes besides its own arguments. */
export interface CallOptions {
  /** Ends the call at once; it rejects with the reason of the signal. */
  readonly signal?: AbortSignal | undefined
  /** How long the call takes at most, all attempts and pauses included: up to 240. A receive waits `waitSeconds` longer. */
  readonly timeoutSeconds?: number | undefined
  /** Attempts of this call; 1 never repeats. */
  readonly attemptsMax?: number | undefined
}

export interface HttpClientOptions {
  /** Without a trailing slash. */
  readonly baseUrl: string
  /** `<id>.<secret>` */
  readonly accessKey: string | undefined
  readonly fetch: typeof fetch
  readonly retry: RetryPolicy
  readonly timeoutSeconds: number
  readonly attemptTimeoutSeconds: number
}

/** How a call differs from others of its operation. */
export interface CallTraits {
  /** Whether it may be repeated when its outcome is not known. */
  readonly isRepeatable?: boolean
  /** How long the server may take on purpose. */
  readonly waitSeconds?: number
}

/** The longest call. FIFO queues recognise a repetition for five minutes, so each comes well within that time. */
const CALL_SECONDS_MAX = 240

/** Makes the calls, and repeats them where that is safe. */
export class HttpClient {
  readonly #options: HttpClientOptions

  constructor(options: HttpClientOptions) {
    checkTimeout(options.timeoutSeconds)
    checkTimeout(options.attemptTimeoutSeconds)
    this.#options = options
  }

  async call<Id extends OperationId>(
    id: Id,
    request: OperationRequest<Id>,
    options: CallOptions = {},
    traits: CallTraits = {},
  ): Promise<OperationAnswer<Id>> {
    const { signal, timeoutSeconds = this.#options.timeoutSeconds } = options
    const { attemptsMax = this.#options.retry.attemptsMax } = options
    const { waitSeconds = 0, isRepeatable = IS_REPEATABLE[id] === true } = traits
    checkTimeout(timeoutSeconds)
    signal?.throwIfAborted()
    const endsAt = Date.now() + (timeoutSeconds + waitSeconds) * 1_000
    const secondsLeft = () => (endsAt - Date.now()) / 1_000
    for (let attempt = 1; ; attempt += 1) {
      const limitSeconds = Math.min(secondsLeft(), this.#options.attemptTimeoutSeconds + waitSeconds)
      try {
        return await this.#attempt(id, request, limitSeconds, signal)
      } catch (error) {
        if (!(error instanceof StanchionError) || attempt >= attemptsMax || !mayRepeat(error, isRepeatable)) throw error
        const pauseSeconds = retryPauseSeconds(this.#options.retry, attempt, error.retryAfterSeconds)
        if (pauseSeconds >= secondsLeft()) throw error
        await pause(pauseSeconds, signal)
      }
    }
  }

  async #attempt<Id extends OperationId>(
    id: Id,
    request: OperationRequest<Id>,
    limitSeconds: number,
    signal: AbortSignal | undefined,
  ): Promise<OperationAnswer<Id>> {
    const ended = new AbortController()
    const abort = () => ended.abort(signal?.reason)
    const timer = setTimeout(() => ended.abort(timeoutError(limitSeconds)), limitSeconds * 1_000)
    signal?.addEventListener('abort', abort, { once: true })
    try {
      return (await this.#fetch(id, request, ended.signal)) as OperationAnswer<Id>
    } catch (error) {
      if (ended.signal.aborted) throw ended.signal.reason
      throw error instanceof StanchionError ? error : errorOfConnection(error)
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
  }

  async #fetch(id: OperationId, request: OperationRequest<OperationId>, signal: AbortSignal): Promise<unknown> {
    const { baseUrl, accessKey, fetch } = this.#options
    const [method, path] = OPERATIONS[id]
    const { body } = request
    const response = await fetch(`${baseUrl}${addressOf(path, request)}`, {
      method,
      signal,
      // A POST that is redirected would become a GET.
      redirect: 'manual',
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(accessKey === undefined ? {} : { authorization: `Bearer ${accessKey}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw errorOfAnswer(response, text)
    return response.status === 204 ? undefined : parseAnswer(response, text)
  }
}

function mayRepeat(error: StanchionError, isRepeatable: boolean): boolean {
  return error.isTransient && (isRepeatable || !error.isOutcomeUnknown)
}

function addressOf(template: string, { path, query }: OperationRequest<OperationId>): string {
  const values: Record<string, string> = { ...path }
  const address = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) search.set(name, String(value))
  }
  return search.size === 0 ? address : `${address}?${search}`
}

function parseAnswer(response: Response, text: string): object {
  try {
    const answer: unknown = JSON.parse(text)
    if (typeof answer === 'object' && answer !== null) return answer
  } catch {}
  throw invalidAnswer(response)
}

function checkTimeout(seconds: number): void {
  if (seconds > 0 && seconds <= CALL_SECONDS_MAX) return
  throw new RangeError(`A call must have more than 0 and at most ${CALL_SECONDS_MAX} seconds; got ${seconds}.`)
}
