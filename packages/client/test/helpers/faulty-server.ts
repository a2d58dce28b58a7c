import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the server does with one request. */
export type Behaviour = (request: IncomingMessage, response: ServerResponse) => void

/** What arrived. */
export interface ArrivedRequest {
  readonly method: string
  readonly path: string
  readonly body: unknown
  readonly headers: IncomingMessage['headers']
  readonly atMs: number
}

export interface FaultyServer {
  readonly url: string
  readonly requests: readonly ArrivedRequest[]
  /** What the next requests meet, one after the other; the last one is met by all that follow. */
  will(...behaviours: Behaviour[]): void
  stop(): Promise<void>
}

/** A server that misbehaves as it is told. */
export async function startFaultyServer(): Promise<FaultyServer> {
  const requests: ArrivedRequest[] = []
  let behaviours: Behaviour[] = []
  const server = createServer(async (request, response) => {
    const { method = '', url: path = '', headers } = request
    const atMs = performance.now()
    let body = ''
    for await (const chunk of request) body += chunk
    requests.push({ method, path, headers, atMs, body: body === '' ? undefined : JSON.parse(body) })
    const behaviour = behaviours.length > 1 ? behaviours.shift() : behaviours[0]
    behaviour?.(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    will(...next) {
      behaviours = next
      requests.length = 0
    },
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Answers JSON. */
export const answer =
  (status: number, body: unknown, headers: Record<string, string> = {}): Behaviour =>
  (_request, response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))

/** Answers a problem. */
export const problem = (status: number, code: string, headers: Record<string, string> = {}): Behaviour =>
  answer(
    status,
    { type: `urn:stanchion:error:${code}`, title: 'A title', status, code, detail: 'A detail.', requestId: 'r-1' },
    { 'content-type': 'application/problem+json', ...headers },
  )

/** Breaks the connection without an answer. */
export const breakConnection: Behaviour = (request) => request.socket.destroy()

/** Never answers. */
export const hang: Behaviour = () => undefined
