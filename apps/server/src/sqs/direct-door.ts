import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { JSON_CONTENT_TYPE } from '@stanchion/sqs'
import type { FastifyBaseLogger } from 'fastify'
import type { Drain } from '../http/drain.ts'
import { answerJson, type Door } from './answer-json.ts'
import { errorAnswer } from './error-handler.ts'
import { operationOfTarget } from './operations.ts'
import type { SqsRequest } from './sqs-request.ts'

/** As Fastify has it for all others. */
const NO_SNIFFING = ['x-content-type-options', 'nosniff']

/** What the direct door needs besides. */
export interface DirectDoorOptions {
  readonly logger: FastifyBaseLogger
  readonly drain: Drain
  readonly bodyBytesMax: number
  /** Whether a request must not be answered at all, which Fastify then says. */
  isRefused(request: IncomingMessage): boolean
}

/**
 * Takes the requests that nearly all are, AWS JSON posted to `/` with a length, past Fastify: its routing, hooks and parsers took a
 * sixth of what a call of one message costs. Whatever is unusual about a request leaves it to Fastify, where
 * the same functions answer it. What Fastify would know about proxies is not known here.
 */
export function mountDirectDoor(server: Server, door: Door, options: DirectDoorOptions): void {
  const listeners = server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[]
  server.removeAllListeners('request')
  server.on('request', (request, response) => {
    const length = plainLength(request, options.bodyBytesMax)
    if (length !== undefined && !options.isRefused(request)) serve(door, options, request, response, length)
    else for (const listener of listeners) listener.call(server, request, response)
  })
}

/** The length of the body of a request that has nothing unusual; `undefined` for others. */
function plainLength({ method, url, headers }: IncomingMessage, bytesMax: number): number | undefined {
  if (url !== '/' || method !== 'POST' || headers['x-amz-target'] === undefined) return undefined
  const length = headers['content-length']
  if (length === undefined || headers['transfer-encoding'] !== undefined || headers.expect !== undefined)
    return undefined
  return Number(length) <= bytesMax ? Number(length) : undefined
}

function serve(
  door: Door,
  options: DirectDoorOptions,
  raw: IncomingMessage,
  response: ServerResponse,
  length: number,
): void {
  const startedAtMs = performance.now()
  const request = new DirectRequest(raw, options.logger)
  // A request that is cut off is answered by nobody; the parser of Node ends its connection.
  raw.on('error', () => undefined)
  if (length === 0) {
    respond(door, options, request, response, startedAtMs)
    return
  }
  let first: Buffer | undefined
  let more: Buffer[] | undefined
  raw.on('data', (chunk: Buffer) => {
    if (first === undefined) first = chunk
    else if (more === undefined) more = [first, chunk]
    else more.push(chunk)
  })
  raw.on('end', () => {
    request.body = more === undefined ? first : Buffer.concat(more)
    respond(door, options, request, response, startedAtMs)
  })
}

async function respond(
  door: Door,
  { drain }: DirectDoorOptions,
  request: DirectRequest,
  response: ServerResponse,
  startedAtMs: number,
): Promise<void> {
  let name = 'unknown'
  let status = 200
  let text: string
  const headers = ['x-amzn-requestid', request.id, 'content-type', JSON_CONTENT_TYPE, ...NO_SNIFFING]
  try {
    const operation = operationOfTarget(String(request.headers['x-amz-target']))
    name = operation.action.name
    text = await answerJson(door, operation, request, response)
  } catch (thrown) {
    const answer = errorAnswer(thrown as Error, request)
    status = answer.status
    text = answer.json
    headers.push('x-amzn-query-error', answer.queryError)
  }
  if (drain.started) headers.push('connection', 'close')
  const length = Buffer.byteLength(text)
  headers.push('content-length', String(length))
  response.writeHead(status, headers)
  // Text of one byte a character need not be looked through again.
  response.end(text, length === text.length ? 'latin1' : 'utf8')
  door.requestFinished?.(name, status, (performance.now() - startedAtMs) / 1_000)
}

/** A request as SQS sees it. What is seldom read is made when it is. */
class DirectRequest implements SqsRequest {
  readonly id = randomUUID()
  readonly raw: IncomingMessage
  readonly #logger: FastifyBaseLogger
  body: Buffer | undefined

  constructor(raw: IncomingMessage, logger: FastifyBaseLogger) {
    this.raw = raw
    this.#logger = logger
  }

  get method() {
    return this.raw.method as string
  }

  get headers() {
    return this.raw.headers
  }

  get ip() {
    return this.raw.socket.remoteAddress ?? ''
  }

  readonly protocol = 'http'

  get host() {
    return this.raw.headers.host ?? ''
  }

  get log() {
    return this.#logger.child({ requestId: this.id })
  }
}
