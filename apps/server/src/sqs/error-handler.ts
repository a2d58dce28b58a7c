import { QueueError } from '@stanchion/queue'
import {
  encodeJsonError,
  encodeXmlError,
  JSON_CONTENT_TYPE,
  malformedInput,
  queryErrorHeader,
  SqsError,
  XML_CONTENT_TYPE,
} from '@stanchion/sqs'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { recordFailure } from '../telemetry/record-failure.ts'
import { isJsonRequest, keepText } from './protocol.ts'
import type { SqsRequest } from './sqs-request.ts'
import { toSqsError } from './to-sqs-error.ts'

/** Answers whatever was thrown, in the protocol of the request. */
export function handleSqsError(thrown: Thrown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = sqsErrorOf(thrown, request)
  if (error.entry.fault === 'Receiver') recordFailure(request, error.shape, thrown)
  reply.code(error.entry.status)
  if (!isJsonRequest(request)) return reply.type(XML_CONTENT_TYPE).send(encodeXmlError(error, request.id))
  return reply
    .header('x-amzn-query-error', queryErrorHeader(error))
    .type(JSON_CONTENT_TYPE)
    .serializer(keepText)
    .send(encodeJsonError(error))
}

/** What is answered to a JSON request for whatever was thrown. */
export function errorAnswer(thrown: Thrown, request: SqsRequest) {
  const error = sqsErrorOf(thrown, request)
  return { status: error.entry.status, queryError: queryErrorHeader(error), json: encodeJsonError(error) }
}

type Thrown = Error | FastifyError | SqsError | QueueError

function sqsErrorOf(thrown: Thrown, request: SqsRequest): SqsError {
  const error = toError(thrown, request)
  if (error.entry.fault === 'Receiver') request.log.warn({ err: error }, 'request failed')
  return error
}

/** What is unknown is logged, and the client learns the request id alone. */
function toError(thrown: Thrown, request: SqsRequest): SqsError {
  if (thrown instanceof SqsError) return thrown
  if (thrown instanceof QueueError) return toSqsError(thrown)
  const { statusCode, code } = thrown as Partial<FastifyError>
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return malformedInput(code === 'FST_ERR_CTP_BODY_TOO_LARGE' ? 'The request body is too long.' : thrown.message)
  }
  request.log.error({ err: thrown }, 'request failed unexpectedly')
  return new SqsError('InternalFailure', `The log of the server says more under the request id ${request.id}.`)
}
