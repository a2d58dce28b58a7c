import { IdentityError } from '@stanchion/identity'
import { QueueError } from '@stanchion/queue'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { recordFailure } from '../telemetry/record-failure.ts'
import {
  HttpProblem,
  type HttpProblemCode,
  PROBLEM_CONTENT_TYPE,
  PROBLEMS,
  type ProblemCode,
  toProblem,
} from './problem.ts'

/** What Fastify itself throws, by its code, in our words; everything else below 500 is `invalidRequest` in its own. */
const FASTIFY_PROBLEMS: Readonly<Record<string, { readonly code: HttpProblemCode; readonly detail: string }>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'requestTooLarge', detail: 'The body is larger than this address takes.' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'unsupportedMediaType',
    detail: 'Send JSON, and say so with the header "Content-Type: application/json".',
  },
}

/** What REST answers to the errors of access keys; a wrong master key is a fault of the server and ends as one. */
const IDENTITY_PROBLEMS = {
  accessKeyNotFound: 'accessKeyNotFound',
  invalidAccessKey: 'invalidAccessKey',
  unavailable: 'identityUnavailable',
  outcomeUnknown: 'outcomeUnknown',
} as const

/** Answers with a problem (RFC 9457). */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  code: ProblemCode,
  detail: string,
  field?: string,
) {
  const { status, retryAfterSeconds } = PROBLEMS[code]
  if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds)
  // Also where the request never got as far as the REST API.
  reply.header('x-request-id', request.id)
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  return reply
    .code(status)
    .type(PROBLEM_CONTENT_TYPE)
    .send(toProblem(code, detail, request.id, field))
}

/** Turns whatever was thrown into a problem. What is unknown is logged, and the client learns the request id alone. */
export function handleProblem(
  error: FastifyError | QueueError | IdentityError | HttpProblem,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  if (error instanceof QueueError) {
    if (PROBLEMS[error.code].status >= 500) {
      // One short line: during an outage every request ends here.
      request.log.warn({ code: error.code, reason: reasonOf(error.details.cause) }, 'request failed')
      recordFailure(request, error.code, error)
    }
    return sendProblem(request, reply, error.code, error.message, error.details.field)
  }
  if (error instanceof HttpProblem) return sendProblem(request, reply, error.code, error.message, error.field)
  if (error instanceof IdentityError && error.code in IDENTITY_PROBLEMS) {
    const code = IDENTITY_PROBLEMS[error.code as keyof typeof IDENTITY_PROBLEMS]
    if (PROBLEMS[code].status >= 500) recordFailure(request, code, error)
    return sendProblem(request, reply, code, error.message, error.field)
  }
  if ('statusCode' in error && error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    const known = FASTIFY_PROBLEMS[error.code]
    if (known !== undefined) return sendProblem(request, reply, known.code, known.detail)
    return sendProblem(request, reply, 'invalidRequest', `${error.message.replace(/\.$/, '')}.`)
  }
  request.log.error({ err: error }, 'request failed unexpectedly')
  recordFailure(request, 'internalError', error)
  return sendProblem(request, reply, 'internalError', 'The log of the server says more under this request id.')
}

/** Answers what no route answers. */
export function handleNotFound(request: FastifyRequest, reply: FastifyReply) {
  return sendProblem(request, reply, 'routeNotFound', `There is no ${request.method} ${pathOf(request.url)}.`)
}

function reasonOf(cause: unknown): string | undefined {
  return cause instanceof Error ? cause.message : undefined
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? url
}
