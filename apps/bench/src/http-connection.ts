import { connect, type Socket } from 'node:net'
import type { Contender } from './contender.ts'
import { createSigner } from './sign-request.ts'

/** One keep-alive connection that has one request under way at a time; it reads no more of HTTP than it must, to be cheap. */
export class HttpConnection {
  readonly #socket: Socket
  readonly #host: string
  readonly #sign: ((target: string, body: string) => string) | undefined
  #received: Buffer[] = []
  #answer: { resolve(body: string): void; reject(error: Error): void } | undefined

  private constructor(socket: Socket, { port, credentials }: Pick<Contender, 'port' | 'credentials'>) {
    this.#socket = socket
    this.#host = `127.0.0.1:${port}`
    this.#sign = credentials === undefined ? undefined : createSigner(credentials, this.#host)
    socket.on('data', (chunk) => this.#read(chunk))
    socket.on('error', (error) => this.#answer?.reject(error))
    socket.on('close', () => this.#answer?.reject(new Error('the server closed the connection')))
  }

  static open(contender: Pick<Contender, 'port' | 'credentials'>): Promise<HttpConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port: contender.port, host: '127.0.0.1', noDelay: true }, () =>
        resolve(new HttpConnection(socket, contender)),
      )
      socket.once('error', reject)
    })
  }

  /** Calls an SQS action over AWS JSON 1.0. Rejects unless the answer is a 200. */
  call(action: string, body: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#answer = { resolve, reject }
      const target = `AmazonSQS.${action}`
      this.#socket.write(
        `POST / HTTP/1.1\r\nHost: ${this.#host}\r\nContent-Type: application/x-amz-json-1.0\r\n` +
          `X-Amz-Target: ${target}\r\n${this.#sign?.(target, body) ?? ''}` +
          `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      )
    })
  }

  close(): void {
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
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
    if (all.length < headEnd + 4 + length) return
    this.#received = []
    const body = all.toString('utf8', headEnd + 4, headEnd + 4 + length)
    const answer = this.#answer
    this.#answer = undefined
    if (head.startsWith('HTTP/1.1 200')) answer?.resolve(body)
    else answer?.reject(new Error(`${head.split('\r\n')[0]}: ${body.slice(0, 200)}`))
  }
}
