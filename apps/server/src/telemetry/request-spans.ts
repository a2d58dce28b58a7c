import type { AsyncLocalStorage } from 'node:async_hooks'
import {
  type Attributes,
  type Context,
  createTraceState,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { DoorName } from './telemetry.ts'
import { type TraceContext, traceContextOfHeaders } from './trace-context.ts'

/** The span of the request that is being handled, and what is known of it. */
export interface RequestSpan {
  readonly span: Span
  readonly parent: TraceContext | undefined
  /** Whether the span says already what the request does with messages: what comes later serves it alone. */
  isTold: boolean
}

/** What the doors speak, as `messaging.system` calls it. */
const MESSAGING_SYSTEMS = { rest: 'stanchion', sqs: 'aws_sqs' } as const satisfies Record<DoorName, string>

/** Gives every request of a scope a server span, from its first header to the last byte of its answer. */
export function addRequestSpans(
  scope: FastifyInstance,
  door: DoorName,
  tracer: Tracer,
  requests: AsyncLocalStorage<RequestSpan>,
): void {
  scope.addHook('onRequest', (request, reply, done) => {
    const attributes = requestAttributes(request, door)
    const parent = parentOf(request)
    const span = tracer.startSpan(routeName(request), { kind: SpanKind.SERVER, attributes }, parent)
    request.span = span
    // Not onResponse: that is never called for clients who have gone.
    reply.raw.once('close', () => endSpan(span, door, request, reply))
    done()
  })
  scope.addHook('preHandler', (request, _reply, done) => {
    if (request.span === undefined) return done()
    requests.run({ span: request.span, parent: traceContextOfHeaders(request.headers), isTold: false }, done)
  })
}

function requestAttributes(request: FastifyRequest, door: DoorName): Attributes {
  const userAgent = request.headers['user-agent']
  const { url } = request.routeOptions
  return {
    'http.request.method': request.method,
    'url.scheme': request.protocol,
    'server.address': request.hostname,
    'client.address': request.ip,
    'network.protocol.version': request.raw.httpVersion,
    'messaging.system': MESSAGING_SYSTEMS[door],
    'stanchion.request_id': request.id,
    // The pattern of the address, not the address: that may hold receipt handles, and in the Query protocol bodies.
    ...(url === undefined ? undefined : { 'http.route': url }),
    ...(userAgent === undefined ? undefined : { 'user_agent.original': userAgent }),
  }
}

function endSpan(span: Span, door: DoorName, request: FastifyRequest, reply: FastifyReply): void {
  const operation = operationOf(request, door)
  if (operation !== undefined) span.setAttribute('messaging.operation.name', operation)
  // All of SQS is a POST to one address, so there the action says more.
  if (door === 'sqs' && operation !== undefined) span.updateName(operation)
  if (reply.raw.writableFinished) {
    span.setAttribute('http.response.status_code', reply.statusCode)
    if (reply.statusCode >= 500) {
      span.setStatus({ code: SpanStatusCode.ERROR })
    }
  } else {
    span.setAttribute('error.type', 'client_gone')
    span.setStatus({ code: SpanStatusCode.ERROR, message: 'The client closed the connection before its answer.' })
  }
  span.end()
}

function operationOf(request: FastifyRequest, door: DoorName): string | undefined {
  if (door === 'sqs') return request.sqsOperation === 'unknown' ? undefined : request.sqsOperation
  return (request.routeOptions.schema as { operationId?: string } | undefined)?.operationId
}

function routeName({ method, routeOptions }: FastifyRequest): string {
  return routeOptions.url === undefined ? method : `${method} ${routeOptions.url}`
}

function parentOf({ headers }: FastifyRequest): Context {
  const context = traceContextOfHeaders(headers)
  if (context === undefined) return ROOT_CONTEXT
  const { tracestate } = headers
  return trace.setSpanContext(ROOT_CONTEXT, {
    ...toSpanContext(context),
    ...(typeof tracestate === 'string' ? { traceState: createTraceState(tracestate) } : undefined),
  })
}

/** A span of somebody else, as the SDK calls it. */
export function toSpanContext({ traceId, spanId, isSampled }: TraceContext) {
  return { traceId, spanId, traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE, isRemote: true }
}
