import type { Problem } from './types.ts'

/**
 * What went wrong: a code of the server, or one of the client's own. `connectionFailed`: no answer came. `timedOut`: the
 * time of the call was over. `invalidAnswer`: what answered was not a Stanchion server, a proxy for example.
 */
export type StanchionErrorCode = Problem['code'] | 'connectionFailed' | 'timedOut' | 'invalidAnswer'

export interface StanchionErrorDetails {
  readonly code: StanchionErrorCode
  readonly detail: string
  readonly isOutcomeUnknown: boolean
  readonly isTransient: boolean
  readonly status?: number | undefined
  readonly field?: string | undefined
  readonly requestId?: string | undefined
  readonly retryAfterSeconds?: number | undefined
  readonly cause?: unknown
}

/** A call that failed. */
export class StanchionError extends Error {
  override readonly name = 'StanchionError'
  readonly code: StanchionErrorCode
  /** A sentence for people, as the server says it. */
  readonly detail: string
  /** The status of the answer; absent when none came. */
  readonly status: number | undefined
  /** The member or parameter that is to blame, if it is one. */
  readonly field: string | undefined
  /** Finds the request in the log of the server. */
  readonly requestId: string | undefined
  /** When the server wants to be asked again. */
  readonly retryAfterSeconds: number | undefined
  /** Whether the call may have taken effect all the same. `false`: certainly nothing happened. */
  readonly isOutcomeUnknown: boolean
  /** Whether the same call may well succeed later. */
  readonly isTransient: boolean

  constructor(details: StanchionErrorDetails) {
    const { code, detail, status, field, requestId, retryAfterSeconds, isOutcomeUnknown, isTransient, cause } = details
    super(`${code}: ${detail}`, cause === undefined ? {} : { cause })
    this.code = code
    this.detail = detail
    this.status = status
    this.field = field
    this.requestId = requestId
    this.retryAfterSeconds = retryAfterSeconds
    this.isOutcomeUnknown = isOutcomeUnknown
    this.isTransient = isTransient
  }
}
