import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { type HttpProblemCode, PROBLEM_CONTENT_TYPE, PROBLEMS, toProblem } from './problem.ts'

const CODES: Readonly<Record<string, HttpProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headersTooLarge',
  ERR_HTTP_REQUEST_TIMEOUT: 'requestTimeout',
}

/** For this long a client that was told that its connection ends may read that, and end it, too. Then it is cut. */
const LINGER_MS = 1_000

/**
 * Answers bytes that are no HTTP request, or not a whole one in time, and ends the connection. What was asked before them on the
 * same connection is answered first, and what has its answer gets no second one: a client takes answers for those of its requests in
 * their order, so that a refusal that comes too early tells it that something failed which was done.
 */
export class ClientErrors {
  /** Of each connection: responses are written in order, so when this one is, all are. */
  readonly #lastResponses = new WeakMap<Socket, ServerResponse>()
  /** Before each response that was pipelined: what is written before it. */
  readonly #responsesBefore = new WeakMap<ServerResponse, ServerResponse>()
  readonly #refused = new WeakSet<Socket>()

  /** Learns of the requests of a server. */
  watch(server: Server): void {
    server.on('request', (request, response) => this.#note(request, response))
    // Without this Node answers itself, and nobody learns of it.
    server.on('checkExpectation', (request, response) => {
      this.#note(request, response)
      const { status, body, headers } = refusalOf('expectationFailed')
      response.writeHead(status, headers).end(body)
    })
  }

  /** Is called with what Node's parser says of a connection. */
  handle(error: Error & { code?: string }, socket: Socket): void {
    if (error.code === 'ECONNRESET' || (!socket.writable && !this.#refused.has(socket))) {
      socket.destroy()
      return
    }
    // Node tells it again with everything else that comes.
    if (this.#refused.has(socket)) return
    this.#refused.add(socket)
    const last = this.#lastResponses.get(socket)
    const isInItsBody = last !== undefined && !last.req.complete
    const awaited = isInItsBody ? this.#responsesBefore.get(last) : last
    const end = () => {
      // The answer before has ended the connection.
      if (!socket.writable) return
      endLingering(socket, isInItsBody && last.headersSent ? '' : textOf(CODES[error.code ?? ''] ?? 'invalidRequest'))
    }
    if (awaited === undefined || awaited.closed) end()
    else awaited.once('close', end)
  }

  #note({ socket }: IncomingMessage, response: ServerResponse): void {
    const before = this.#lastResponses.get(socket)
    if (before !== undefined && !before.closed) this.#responsesBefore.set(response, before)
    this.#lastResponses.set(socket, response)
  }
}

function endLingering(socket: Socket, text: string): void {
  socket.end(text)
  const timer = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.once('close', () => clearTimeout(timer))
}

function refusalOf(code: HttpProblemCode) {
  const { status, title } = PROBLEMS[code]
  const body = JSON.stringify(toProblem(code, `${title}.`, randomUUID()))
  const headers = {
    'Content-Type': PROBLEM_CONTENT_TYPE,
    'X-Content-Type-Options': 'nosniff',
    Connection: 'close',
    'Content-Length': String(Buffer.byteLength(body)),
  }
  return { status, title, headers, body }
}

function textOf(code: HttpProblemCode): string {
  const { status, title, headers, body } = refusalOf(code)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${title}\r\n${lines.join('')}\r\n${body}`
}
