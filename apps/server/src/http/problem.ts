import type { QueueErrorCode } from '@stanchion/queue'

/** What a front door answers to one error code. */
export interface ProblemKind {
  readonly status: number
  /** The same for every occurrence (RFC 9457, section 3.1.4). */
  readonly title: string
  /** Given where certainly nothing happened, so that trying again is safe. */
  readonly retryAfterSeconds?: number
}

/** What REST answers to each error of the engine: a new code does not compile until it is here. */
export const REST_STATUS: Record<QueueErrorCode, ProblemKind> = {
  queueNotFound: { status: 404, title: 'The queue does not exist' },
  queueDeletedRecently: { status: 409, title: 'A queue of this name was deleted a moment ago', retryAfterSeconds: 60 },
  queuePurgedRecently: { status: 409, title: 'The queue was purged a moment ago', retryAfterSeconds: 60 },
  tooManyInFlight: { status: 429, title: 'Too many messages of the queue are leased', retryAfterSeconds: 1 },
  queueExists: { status: 409, title: 'A queue of this name exists with other settings' },
  invalidQueueName: { status: 400, title: 'The queue name is not valid' },
  invalidArgument: { status: 400, title: 'A value is out of its range' },
  deadLetterQueueNotFound: { status: 400, title: 'The dead-letter queue does not exist' },
  deadLetterQueueKindDiffers: { status: 400, title: 'The dead-letter queue is of another kind' },
  deadLetterQueueForbidden: { status: 400, title: 'The dead-letter queue does not allow this queue' },
  notDeadLetterQueue: { status: 409, title: 'The queue is no dead-letter queue' },
  destinationNotFound: { status: 400, title: 'The destination does not exist' },
  destinationIsSource: { status: 400, title: 'The destination is the queue itself' },
  destinationKindDiffers: { status: 400, title: 'The destination is of another kind' },
  moveTaskRunning: { status: 409, title: 'A task of the queue is running' },
  tooManyMoveTasks: { status: 409, title: 'The account has as many running tasks as it may' },
  moveTaskNotFound: { status: 404, title: 'The task does not exist' },
  moveTaskEnded: { status: 409, title: 'The task is not running' },
  messageNotFound: { status: 404, title: 'The queue has no such message' },
  messageEmpty: { status: 400, title: 'The message body is empty' },
  invalidCharacters: { status: 400, title: 'The message holds characters that are not allowed' },
  messageTooLarge: { status: 413, title: 'The message is too large for the queue' },
  invalidReceiptHandle: { status: 400, title: 'The receipt handle is not valid for this queue' },
  messageNotLeased: { status: 409, title: 'The receipt handle no longer holds the message' },
  handleExpired: { status: 409, title: 'The delivery of this receipt handle is over' },
  visibilityTimeoutTooLong: { status: 400, title: 'The message would stay leased for too long' },
  unavailable: { status: 503, title: 'The database is not available', retryAfterSeconds: 1 },
  outcomeUnknown: { status: 503, title: 'It is not known whether the request took effect' },
  deadlineExceeded: { status: 503, title: 'The request could not be started in time', retryAfterSeconds: 1 },
  overloaded: { status: 429, title: 'Too much work is waiting', retryAfterSeconds: 1 },
}

/** What can go wrong before the engine is asked. */
export const HTTP_PROBLEMS = {
  invalidRequest: { status: 400, title: 'The request does not have the documented form' },
  routeNotFound: { status: 404, title: 'There is nothing at this address' },
  methodNotAllowed: { status: 405, title: 'The method is not available at this address' },
  requestTimeout: { status: 408, title: 'The request arrived too slowly' },
  requestTooLarge: { status: 413, title: 'The request is too large' },
  unsupportedMediaType: { status: 415, title: 'The body is not JSON' },
  expectationFailed: { status: 417, title: 'The server does not do what the request expects' },
  headersTooLarge: { status: 431, title: 'The request headers are too large' },
  foreignOrigin: { status: 403, title: 'Requests from foreign web pages are refused' },
  hostNotAllowed: { status: 403, title: 'The host name is not one of this server' },
  unauthenticated: { status: 401, title: 'The request names no access key that works' },
  forbidden: { status: 403, title: 'The access key or the policy of the queue does not allow this' },
  identityUnavailable: { status: 503, title: 'The access keys cannot be looked up', retryAfterSeconds: 1 },
  accessKeyNotFound: { status: 404, title: 'There is no such access key' },
  invalidAccessKey: { status: 400, title: 'A value is not one that an access key can have' },
  accessKeysOff: { status: 409, title: 'This server keeps no access keys' },
  internalError: { status: 500, title: 'Something went wrong in the server' },
} as const satisfies Record<string, ProblemKind>

export type HttpProblemCode = keyof typeof HTTP_PROBLEMS
export type ProblemCode = QueueErrorCode | HttpProblemCode

/** Every error code of REST with its status and title. */
export const PROBLEMS: Readonly<Record<ProblemCode, ProblemKind>> = { ...REST_STATUS, ...HTTP_PROBLEMS }

export const PROBLEM_CONTENT_TYPE = 'application/problem+json'

/** An RFC 9457 problem as it is sent. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: ProblemCode
  readonly detail: string
  readonly field?: string
  readonly requestId: string
}

/** Builds the answer to an error. `detail` must be fit for the client; `field` names the member it is about. */
export function toProblem(code: ProblemCode, detail: string, requestId: string, field?: string): Problem {
  const { status, title } = PROBLEMS[code]
  const problem = { type: problemType(code), title, status, code, detail, requestId }
  return field === undefined ? problem : { ...problem, field }
}

/** The stable identifier of a kind of problem. */
export function problemType(code: ProblemCode): string {
  return `urn:stanchion:error:${code}`
}

/** Thrown by the HTTP side for what it finds wrong itself. `message` is sent to the client. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem'
  readonly code: HttpProblemCode
  readonly field: string | undefined

  constructor(code: HttpProblemCode, message: string, field?: string) {
    super(message)
    this.code = code
    this.field = field
  }
}
