import { Agent, type IncomingHttpHeaders, request } from 'node:http'

/** A request, right or wrong, as it goes over the wire. */
export interface WireRequest {
  readonly method: string
  /** With the query string. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Buffer
}

/** What a request was answered, and after how long. */
export interface WireAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly tookMs: number
}

/** An answer that takes so long is taken for none. */
const HANG_MS = 10_000

/** Connections that are kept, so that whatever a bad request leaves behind on one meets the next. */
export class Connections {
  readonly #url: string
  readonly #agent: Agent

  constructor(url: string, connectionsMax: number) {
    this.#url = url
    this.#agent = new Agent({ keepAlive: true, maxSockets: connectionsMax })
  }

  /** @throws Error when the connection breaks, or nothing comes for too long */
  send({ method, target, headers, body }: WireRequest): Promise<WireAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<WireAnswer>()
    const length = body === undefined ? {} : { 'content-length': String(body.length) }
    const options = { method, path: target, agent: this.#agent, headers: { ...headers, ...length }, timeout: HANG_MS }
    const { hostname, port } = new URL(this.#url)
    const sent = request({ ...options, hostname, port }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          tookMs: performance.now() - sentAt,
        })
      })
    })
    const sentAt = performance.now()
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${HANG_MS} ms`)))
    sent.on('error', reject)
    sent.end(body)
    return promise
  }

  close(): void {
    this.#agent.destroy()
  }
}
