import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { JSON_CONTENT_TYPE } from '@stanchion/sqs'
import type { FastifyBaseLogger } from 'fastify'
import type { LoopbackCheck } from '../http/loopback-guard.ts'
import type { PlainDoor, PlainExchange, PlainRequest } from '../http/plain/plain-connection.ts'
import { answerJson, type Door } from './answer-json.ts'
import { errorAnswer } from './error-handler.ts'
import { operationOfTarget } from './operations.ts'
import type { SqsRequest } from './sqs-request.ts'

/** As Fastify has it for all others. */
const NO_SNIFFING = ['x-content-type-options', 'nosniff']

/** What the direct door needs besides. */
export interface DirectDoorOptions {
  readonly logger: FastifyBaseLogger
  readonly bodyBytesMax: number
  /** Absent: every caller is let in. */
  readonly loopbackCheck: LoopbackCheck | undefined
}

/**
 * Serves the requests that nearly all are, AWS JSON posted to `/`, past Node's HTTP server and Fastify. What it does not take they
 * answer with the same functions. What Fastify would know about proxies is not known here.
 */
export function createDirectDoor(door: Door, { logger, bodyBytesMax, loopbackCheck }: DirectDoorOptions): PlainDoor {
  return {
    takes: (head) =>
      head.headers['x-amz-target'] !== undefined &&
      head.bodyBytes <= bodyBytesMax &&
      loopbackCheck?.(head) === undefined,
    serve(request, exchange) {
      answer(door, new DirectRequest(request, logger), exchange)
    },
  }
}

async function answer(door: Door, request: DirectRequest, exchange: PlainExchange): Promise<void> {
  const startedAtMs = performance.now()
  let name = 'unknown'
  let status = 200
  let text: string
  const headers = ['x-amzn-requestid', request.id, 'content-type', JSON_CONTENT_TYPE, ...NO_SNIFFING]
  try {
    const operation = operationOfTarget(String(request.headers['x-amz-target']))
    name = operation.action.name
    text = await answerJson(door, operation, request, exchange)
  } catch (thrown) {
    const failure = errorAnswer(thrown as Error, request)
    status = failure.status
    text = failure.json
    headers.push('x-amzn-query-error', failure.queryError)
  }
  exchange.answer(status, headers, text)
  door.requestFinished?.(name, status, (performance.now() - startedAtMs) / 1_000)
}

/** A request as SQS sees it. What is seldom read is made when it is. */
class DirectRequest implements SqsRequest {
  readonly id = randomUUID()
  readonly method = 'POST'
  readonly protocol = 'http'
  readonly #request: PlainRequest
  readonly #logger: FastifyBaseLogger

  constructor(request: PlainRequest, logger: FastifyBaseLogger) {
    this.#request = request
    this.#logger = logger
  }

  get headers(): IncomingHttpHeaders {
    return this.#request.headers
  }

  get raw() {
    return { url: '/', rawHeaders: this.#request.rawHeaders }
  }

  get body(): Buffer {
    return this.#request.body
  }

  get ip(): string {
    return this.#request.remoteAddress
  }

  get host(): string {
    return this.#request.headers.host ?? ''
  }

  get log() {
    return this.#logger.child({ requestId: this.id })
  }
}
