import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import type { ConnectionWatch } from '../connection-watch.ts'
import { type PlainHead, readPlainHead } from './read-plain-head.ts'
import { responseHead } from './response-head.ts'

/** A `POST /` that is there as a whole. */
export interface PlainRequest {
  readonly headers: IncomingHttpHeaders
  /** Names and values in turns, as they came. */
  readonly rawHeaders: string[]
  readonly body: Buffer
  /** The address of the other end. */
  readonly remoteAddress: string
}

/** Where the one answer to a request goes. */
export interface PlainExchange extends ConnectionWatch {
  /**
   * Answers. When the connection is gone this does nothing.
   * @param headers names and values in turns, which hold nothing that a client sent
   */
  answer(status: number, headers: readonly string[], body: string): void
}

/** Who serves requests that have nothing unusual. */
export interface PlainDoor {
  /** Whether it serves a request with this head. */
  takes(head: PlainHead): boolean
  serve(request: PlainRequest, exchange: PlainExchange): void
}

/** What a connection needs of where it was accepted. */
export interface PlainSurroundings {
  readonly door: PlainDoor
  readonly keepAliveSeconds: number
  /** Whether connections end with their next answer. */
  isEnding(): boolean
  /** Gives the connection to Node's HTTP server, with what was read of it and not served. */
  handOver(connection: PlainConnection, unread: Buffer): void
  /** Answers that the request under way is none, or comes too slowly, and ends the connection. */
  refuse(connection: PlainConnection, code: 'ERR_HTTP_REQUEST_TIMEOUT' | 'HPE_INVALID_EOF_STATE'): void
  closed(connection: PlainConnection): void
}

/** What a connection does: nothing has come yet, a body comes, a request is served, nothing comes after an answer, or it is no longer ours. */
export type PlainState = 'new' | 'reading' | 'serving' | 'idle' | 'over'

/** What may wait behind the request that is served, before no more is read. */
const AHEAD_BYTES_MAX = 65_536

/**
 * A connection as long as its requests have nothing unusual. They are served one after the other; the first one that is not plain
 * leaves the connection to Node's HTTP server for good.
 */
export class PlainConnection implements PlainExchange {
  readonly socket: Socket
  readonly #surroundings: PlainSurroundings
  #state: PlainState = 'new'
  #sinceMs = performance.now()
  /** What has come and was not served. */
  #chunks: Buffer[] = []
  #length = 0
  /** Of the request whose body is on its way. */
  #head: PlainHead | undefined
  #gone: (() => void) | undefined
  #isAdvancing = false

  constructor(socket: Socket, surroundings: PlainSurroundings) {
    this.socket = socket
    this.#surroundings = surroundings
    socket.on('data', this.#onData)
    socket.on('end', this.#onEnd)
    socket.on('error', ignore)
    socket.on('close', this.#onClose)
  }

  get state(): PlainState {
    return this.#state
  }

  /** For how long it has been in its state. */
  ageMs(nowMs: number): number {
    return nowMs - this.#sinceMs
  }

  onceGone(listener: () => void): void {
    if (this.#state === 'over') listener()
    else this.#gone = listener
  }

  answer(status: number, headers: readonly string[], body: string): void {
    if (this.#state !== 'serving' || !this.socket.writable) return
    const { keepAliveSeconds, isEnding } = this.#surroundings
    const isLast = isEnding()
    const bodyBytes = Buffer.byteLength(body)
    const text = responseHead(status, headers, bodyBytes, isLast ? undefined : keepAliveSeconds) + body
    // Text of one byte a character need not be looked through again.
    const encoding = bodyBytes === body.length ? 'latin1' : 'utf8'
    if (isLast) this.socket.end(text, encoding, this.#onWritten)
    else this.socket.write(text, encoding, this.#onWritten)
  }

  /** Takes no more notice of what comes. */
  leave(): void {
    this.#enter('over')
    this.#chunks = []
    this.socket.off('data', this.#onData)
    this.socket.off('end', this.#onEnd)
    this.socket.off('error', ignore)
    this.socket.off('close', this.#onClose)
  }

  #enter(state: PlainState): void {
    this.#state = state
    this.#sinceMs = performance.now()
  }

  readonly #onData = (chunk: Buffer): void => {
    // Nobody is served whose connection takes no answer any more.
    if (!this.socket.writable) return
    this.#chunks.push(chunk)
    this.#length += chunk.length
    if (this.#state !== 'serving') this.#advance()
    else if (this.#length > AHEAD_BYTES_MAX) this.socket.pause()
  }

  /** Serves what has come, as far as it is there as a whole. */
  #advance(): void {
    if (this.#isAdvancing) return
    this.#isAdvancing = true
    while (this.#length > 0 && this.#state !== 'serving' && this.#state !== 'over') {
      if (this.#head !== undefined && this.#length < this.#head.headBytes + this.#head.bodyBytes) break
      const bytes = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks)
      this.#chunks = [bytes]
      const head = this.#head ?? readPlainHead(bytes)
      if (head === undefined || (this.#head === undefined && !this.#surroundings.door.takes(head))) {
        this.#surroundings.handOver(this, bytes)
        break
      }
      const end = head.headBytes + head.bodyBytes
      if (bytes.length < end) {
        this.#head = head
        this.#enter('reading')
        break
      }
      this.#head = undefined
      this.#chunks = bytes.length === end ? [] : [bytes.subarray(end)]
      this.#length = bytes.length - end
      this.#enter('serving')
      const { headers, rawHeaders } = head
      const request = {
        headers,
        rawHeaders,
        body: bytes.subarray(head.headBytes, end),
        remoteAddress: this.socket.remoteAddress ?? '',
      }
      this.#surroundings.door.serve(request, this)
    }
    this.#isAdvancing = false
  }

  /** The kernel has all of the answer: what becomes of it now is the client's. */
  readonly #onWritten = (error?: Error | null): void => {
    // A connection that broke is closed, too, which tells who waits for that.
    if (error || this.#state !== 'serving') return
    this.#gone = undefined
    this.#enter('idle')
    if (!this.socket.writable) return
    if (this.socket.isPaused()) this.socket.resume()
    this.#advance()
  }

  /** As Node's server does: a client that ends its side waits for nothing. */
  readonly #onEnd = (): void => {
    if (this.#state === 'reading') this.#surroundings.refuse(this, 'HPE_INVALID_EOF_STATE')
    else this.socket.end()
  }

  readonly #onClose = (): void => {
    const gone = this.#gone
    this.leave()
    this.#gone = undefined
    this.#surroundings.closed(this)
    gone?.()
  }
}

function ignore(): void {}
