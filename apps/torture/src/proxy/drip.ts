import type { Socket } from 'node:net'

const PAUSE_MS = 5

/** Writes to a socket, all at once or drop by drop, and never out of order. */
export class Drip {
  readonly #socket: Socket
  readonly #waiting: Buffer[] = []
  #isEnding = false
  #timer: NodeJS.Timeout | undefined

  constructor(socket: Socket) {
    this.#socket = socket
  }

  /** @param dropBytes how much of it arrives at a time; `undefined`: all, as soon as what came before has been written */
  write(bytes: Buffer, dropBytes: number | undefined): void {
    if (bytes.length === 0 || !this.#socket.writable) return
    if (dropBytes === undefined && this.#waiting.length === 0) {
      this.#socket.write(bytes)
      return
    }
    const sizeBytes = dropBytes ?? bytes.length
    for (let at = 0; at < bytes.length; at += sizeBytes) this.#waiting.push(bytes.subarray(at, at + sizeBytes))
    this.#timer ??= setTimeout(() => this.#drop(), PAUSE_MS)
  }

  /** Ends the socket behind everything that was written. */
  end(): void {
    this.#isEnding = true
    if (this.#waiting.length === 0) this.#socket.end()
  }

  /** Forgets what has not been written yet. */
  clear(): void {
    clearTimeout(this.#timer)
    this.#waiting.length = 0
  }

  #drop(): void {
    this.#timer = undefined
    const drop = this.#waiting.shift()
    if (drop !== undefined && this.#socket.writable) this.#socket.write(drop)
    if (this.#waiting.length > 0) this.#timer = setTimeout(() => this.#drop(), PAUSE_MS)
    else if (this.#isEnding) this.#socket.end()
  }
}
