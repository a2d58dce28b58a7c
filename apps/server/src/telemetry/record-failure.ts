import type { Span } from '@opentelemetry/api'
import type { FastifyRequest } from 'fastify'

declare module 'fastify' {
  interface FastifyRequest {
    /** The span of this request, where requests have one. */
    span?: Span | undefined
  }
}

/** Tells the trace of a request why the server could not do what was asked. */
export function recordFailure({ span }: FastifyRequest, code: string, error: Error): void {
  span?.recordException(error)
  span?.setAttribute('error.type', code)
}
