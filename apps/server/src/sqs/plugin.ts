import {
  decodeQuery,
  encodeXml,
  JSON_CONTENT_TYPE,
  NO_ACTION_XML,
  parseQueryPairs,
  unknownAction,
  XML_CONTENT_TYPE,
} from '@stanchion/sqs'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { anybody } from '../http/caller.ts'
import { watchResponse } from '../http/connection-watch.ts'
import { answerJson, bodyOf, type Door } from './answer-json.ts'
import { handleSqsError } from './error-handler.ts'
import { operationOfName, operationOfTarget } from './operations.ts'
import { isJsonRequest, keepText } from './protocol.ts'
import { runOperation } from './run-operation.ts'
import type { SqsContext } from './sqs-context.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The action of an SQS request, once it is known; for the metrics. */
    sqsOperation: string
  }
}

/** A legal batch of 1 MiB is up to six times as long when all of it is written as `\u` escapes. */
export const BODY_BYTES_MAX = 8 * 1_024 * 1_024

const FORM_CONTENT_TYPE = 'application/x-www-form-urlencoded'

/** Addresses that belong to SQS alone: what is there without an action is an SQS error. */
const OWN_ADDRESSES = ['/', '/:account(^\\d{1,20}$)/:queue', '/:account(^\\d{1,20}$)/:queue/']

/** Other forms of queue addresses that imitators of SQS have made known. Without an action they are not ours. */
const OTHER_ADDRESSES = ['/:queue', '/queue/:queue', '/queues/:queue', '/queue/:region/:account/:queue']

/**
 * Mounts SQS: AWS JSON 1.0 and the Query protocol on the same addresses. The content of a request tells which one it is. It
 * lives in a scope of its own, with its own parsers and error handler; REST does not know it exists.
 */
export async function registerSqs(app: FastifyInstance, context: SqsContext): Promise<Door> {
  const door: Door = { ...context, everybody: anybody(context.accountId) }
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    // Whatever the content type says: the bytes are what the action makes of them. Those with a name are found faster.
    for (const contentType of [JSON_CONTENT_TYPE, FORM_CONTENT_TYPE, '*']) {
      scope.addContentTypeParser(
        contentType,
        { parseAs: 'buffer', bodyLimit: BODY_BYTES_MAX },
        (_request, body, done) => done(null, body),
      )
    }
    scope.setErrorHandler(handleSqsError)
    scope.decorateRequest('sqsOperation', 'unknown')
    context.telemetry?.watch(scope, 'sqs')
    scope.addHook('onRequest', (request, reply, done) => {
      reply.header('x-amzn-requestid', request.id)
      done()
    })
    if (context.requestFinished !== undefined) {
      scope.addHook('onResponse', (request, reply, done) => {
        context.requestFinished?.(request.sqsOperation, reply.statusCode, reply.elapsedTime / 1_000)
        done()
      })
    }
    const options = { method: ['GET', 'POST'], schema: { hide: true } }
    for (const url of OWN_ADDRESSES) {
      scope.route({ ...options, url, handler: (request, reply) => answer(door, request, reply, answerNoAction) })
    }
    for (const url of OTHER_ADDRESSES) {
      scope.route({ ...options, url, handler: (request, reply) => answer(door, request, reply, callNotFound) })
    }
  })
  return door
}

/** What to do with a request that names no action. */
type NoAction = (reply: FastifyReply) => FastifyReply

const answerNoAction: NoAction = (reply) => reply.code(404).type(XML_CONTENT_TYPE).send(NO_ACTION_XML)

const callNotFound: NoAction = (reply) => {
  reply.callNotFound()
  return reply
}

function answer(door: Door, request: FastifyRequest, reply: FastifyReply, noAction: NoAction) {
  return isJsonRequest(request) ? replyJson(door, request, reply) : replyQuery(door, request, reply, noAction)
}

async function replyJson(door: Door, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const operation = operationOfTarget(String(request.headers['x-amz-target'] ?? ''))
  request.sqsOperation = operation.action.name
  const text = await answerJson(door, operation, request, watchResponse(reply.raw))
  return reply.type(JSON_CONTENT_TYPE).serializer(keepText).send(text)
}

async function replyQuery(
  context: Door,
  request: FastifyRequest,
  reply: FastifyReply,
  noAction: NoAction,
): Promise<FastifyReply> {
  const [sentPath = '', queryString = ''] = splitOnce(request.raw.url ?? '', '?')
  const pairs = parseQueryPairs(queryString, isForm(request) ? bodyOf(request) : undefined)
  const name = pairs.get('Action')
  if (name === undefined) return noAction(reply)
  const operation = operationOfName(name)
  request.sqsOperation = name
  const sender = await context.authenticate?.(request)
  const path = sender?.path ?? sentPath
  if (operation.kind === 'account' && !operation.isAllowedAtQueue && path !== '/') throw unknownAction(name)
  const input = decodeQuery(operation.action, pairs)
  const queueUrl = operation.kind === 'queue' ? ((input as { QueueUrl?: string }).QueueUrl ?? path) : undefined
  const output = await runOperation(operation, input, queueUrl, {
    context,
    caller: sender?.caller ?? context.everybody,
    request,
    connection: watchResponse(reply.raw),
  })
  return reply.type(XML_CONTENT_TYPE).send(encodeXml(operation.action, output, request.id))
}

function isForm(request: FastifyRequest): boolean {
  const contentType = request.headers['content-type']
  return contentType === undefined || contentType.startsWith(FORM_CONTENT_TYPE)
}

function splitOnce(text: string, separator: string): string[] {
  const place = text.indexOf(separator)
  return place < 0 ? [text] : [text.slice(0, place), text.slice(place + 1)]
}
