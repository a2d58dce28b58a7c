import { StanchionError, type StanchionErrorCode } from '../stanchion-error.ts'
import type { Problem } from '../types.ts'

/** The error that an answer stands for. */
export function errorOfAnswer(response: Response, text: string): StanchionError {
  const problem = parseProblem(response, text)
  const { status } = response
  const retryAfterSeconds = parseRetryAfter(response.headers.get('retry-after'))
  const isOutcomeUnknown = status >= 500 && retryAfterSeconds === undefined
  return new StanchionError({
    code: problem?.code ?? 'invalidAnswer',
    detail: problem?.detail ?? `The server answered ${status} without a problem that this client knows.`,
    status,
    field: problem?.field,
    requestId: problem?.requestId ?? response.headers.get('x-request-id') ?? undefined,
    retryAfterSeconds,
    isOutcomeUnknown,
    isTransient: status >= 500 || status === 429 || status === 408,
  })
}

/** The error of an answer that says it is one of success, and is not of the documented form. */
export function invalidAnswer(response: Response): StanchionError {
  return new StanchionError({
    code: 'invalidAnswer',
    detail: `The answer ${response.status} has no JSON object as its body.`,
    status: response.status,
    isOutcomeUnknown: true,
    isTransient: true,
  })
}

/** The error of a request that was not answered. */
export function errorOfConnection(cause: unknown): StanchionError {
  const isOutcomeUnknown = !neverConnected(cause)
  return connectionError('connectionFailed', `The server did not answer: ${reasonOf(cause)}.`, isOutcomeUnknown, cause)
}

/** The error of a request whose time is over. */
export function timeoutError(seconds: number): StanchionError {
  return connectionError('timedOut', `No answer came within ${seconds} seconds.`, true)
}

function connectionError(code: StanchionErrorCode, detail: string, isOutcomeUnknown: boolean, cause?: unknown) {
  return new StanchionError({ code, detail, isOutcomeUnknown, isTransient: true, cause })
}

function parseProblem(response: Response, text: string): Problem | undefined {
  if (response.headers.get('content-type')?.startsWith('application/problem+json') !== true) return undefined
  try {
    const problem = JSON.parse(text) as Problem
    return typeof problem.code === 'string' && typeof problem.detail === 'string' ? problem : undefined
  } catch {
    return undefined
  }
}

/** Seconds, or a date. */
function parseRetryAfter(value: string | null): number | undefined {
  if (value === null) return undefined
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1_000
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds)
}

interface SystemError {
  readonly message?: string
  readonly code?: string
  readonly syscall?: string
  readonly cause?: SystemError
  readonly errors?: readonly SystemError[]
}

/** Whether it is certain that the request never left this machine: there was no connection to send it over. */
function neverConnected(error: unknown): boolean {
  const { cause, errors, syscall, code } = (error ?? {}) as SystemError
  if (errors !== undefined && errors.length > 0) return errors.every(neverConnected)
  if (cause !== undefined) return neverConnected(cause)
  return syscall === 'connect' || syscall === 'getaddrinfo' || code === 'UND_ERR_CONNECT_TIMEOUT'
}

/** `fetch` says only that it failed; its cause says why. */
function reasonOf(error: unknown): string {
  const { cause, message, code } = (error ?? {}) as SystemError
  return (cause && reasonOf(cause)) || message || code || String(error)
}
