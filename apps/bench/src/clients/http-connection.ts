import { connect, type Socket } from 'node:net'

/** An answer with its status. */
export interface HttpAnswer {
  readonly status: number
  readonly body: string
}

/** What one read of a socket takes at most. Each answer is looked at where it was read, unless it comes in parts. */
const READ_BYTES = 65_536

/** One keep-alive connection that has one request under way at a time; it reads no more of HTTP than it must, to be cheap. */
export class HttpConnection {
  readonly #socket: Socket
  /** Of an answer whose end is not there. */
  #unread: Buffer | undefined
  #answer: { resolve(answer: HttpAnswer): void; reject(error: Error): void } | undefined

  private constructor(host: string, port: number, connected: (error?: Error) => void) {
    const onread = {
      buffer: Buffer.allocUnsafe(READ_BYTES),
      callback: (bytes: number, buffer: Uint8Array) => {
        this.#read(buffer as Buffer, bytes)
        return true
      },
    }
    this.#socket = connect({ port, host, noDelay: true, onread }, () => connected())
    this.#socket.on('error', (error) => {
      connected(error)
      this.#answer?.reject(error)
    })
    this.#socket.on('close', () => this.#answer?.reject(new Error('the server closed the connection')))
  }

  static open(host: string, port: number): Promise<HttpConnection> {
    return new Promise((resolve, reject) => {
      const connection: HttpConnection = new HttpConnection(host, port, (error) => {
        if (error === undefined) resolve(connection)
        else reject(error)
      })
    })
  }

  /**
   * Asks and waits for the whole answer.
   * @param head the request line and headers, each ended by a line break, without `Content-Length`
   */
  request(head: string, body: string): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      this.#answer = { resolve, reject }
      const bytes = Buffer.byteLength(body)
      // Plain text is written faster as what it is.
      this.#socket.write(`${head}Content-Length: ${bytes}\r\n\r\n${body}`, bytes === body.length ? 'latin1' : 'utf8')
    })
  }

  /** A request that is under way is given up, and rejects. */
  close(): void {
    this.#answer?.reject(new Error('the caller closed the connection'))
    this.#answer = undefined
    this.#socket.destroy()
  }

  #read(buffer: Buffer, bytes: number): void {
    const part = buffer.subarray(0, bytes)
    const all = this.#unread === undefined ? part : Buffer.concat([this.#unread, part])
    const answer = readAnswer(all)
    // What was read is overwritten by what comes next.
    this.#unread = answer !== undefined ? undefined : all === part ? Buffer.from(part) : all
    if (answer === undefined) return
    const asked = this.#answer
    this.#answer = undefined
    asked?.resolve(answer)
  }
}

/** `undefined` while its end is not there. */
function readAnswer(all: Buffer): HttpAnswer | undefined {
  const headEnd = all.indexOf('\r\n\r\n')
  if (headEnd < 0) return undefined
  const head = all.toString('latin1', 0, headEnd)
  const body = /transfer-encoding: chunked/i.test(head)
    ? readChunks(all, headEnd + 4)
    : readLength(all, headEnd + 4, Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0))
  return body === undefined ? undefined : { status: Number(head.slice(9, 12)), body }
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
