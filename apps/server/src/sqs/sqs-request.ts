import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyBaseLogger } from 'fastify'

/** What SQS reads of a request, whether it came through Fastify or past it. */
export interface SqsRequest {
  /** Also the request id that SQS answers. */
  readonly id: string
  readonly method: string
  readonly headers: IncomingHttpHeaders
  readonly raw: { readonly url?: string | undefined; readonly rawHeaders: string[] }
  /** The bytes, if there are any. */
  readonly body: unknown
  /** Of the sender, by the proxies that are trusted. */
  readonly ip: string
  readonly protocol: 'http' | 'https'
  readonly host: string
  readonly log: Pick<FastifyBaseLogger, 'warn' | 'error'>
}
