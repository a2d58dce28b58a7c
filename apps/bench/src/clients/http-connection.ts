import { connect, type Socket } from 'node:net'

/** An answer with its status. */
export interface HttpAnswer {
  readonly status: number
  readonly body: string
}

/** One keep-alive connection that has one request under way at a time; it reads no more of HTTP than it must, to be cheap. */
export class HttpConnection {
  readonly #socket: Socket
  #received: Buffer[] = []
  #answer: { resolve(answer: HttpAnswer): void; reject(error: Error): void } | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk) => this.#read(chunk))
    socket.on('error', (error) => this.#answer?.reject(error))
    socket.on('close', () => this.#answer?.reject(new Error('the server closed the connection')))
  }

  static open(host: string, port: number): Promise<HttpConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host, noDelay: true }, () => {
        socket.off('error', reject)
        resolve(new HttpConnection(socket))
      })
      socket.once('error', reject)
    })
  }

  /**
   * Asks and waits for the whole answer.
   * @param head the request line and headers, each ended by a line break, without `Content-Length`
   */
  request(head: string, body: string): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      this.#answer = { resolve, reject }
      this.#socket.write(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
    })
  }

  /** A request that is under way is given up, and rejects. */
  close(): void {
    this.#answer?.reject(new Error('the caller closed the connection'))
    this.#answer = undefined
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    this.#received.push(chunk)
    const all = this.#received.length === 1 ? chunk : Buffer.concat(this.#received)
    this.#received = [all]
    const headEnd = all.indexOf('\r\n\r\n')
    if (headEnd < 0) return
    const head = all.toString('latin1', 0, headEnd)
    const body = /transfer-encoding: chunked/i.test(head)
      ? readChunks(all, headEnd + 4)
      : readLength(all, headEnd + 4, Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0))
    if (body === undefined) return
    this.#received = []
    const answer = this.#answer
    this.#answer = undefined
    answer?.resolve({ status: Number(head.slice(9, 12)), body })
  }
}

function readLength(all: Buffer, start: number, length: number): string | undefined {
  return all.length < start + length ? undefined : all.toString('utf8', start, start + length)
}

/** The body in chunks, as some rivals send it; `undefined` while its end is not there. */
function readChunks(all: Buffer, start: number): string | undefined {
  const parts: Buffer[] = []
  for (let at = start; ; ) {
    const lineEnd = all.indexOf('\r\n', at)
    if (lineEnd < 0) return undefined
    const length = Number.parseInt(all.toString('latin1', at, lineEnd), 16)
    const next = lineEnd + 2 + length + 2
    if (all.length < next) return undefined
    if (length === 0) return Buffer.concat(parts).toString('utf8')
    parts.push(all.subarray(lineEnd + 2, lineEnd + 2 + length))
    at = next
  }
}
