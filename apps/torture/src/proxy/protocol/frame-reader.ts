import { BACKEND_TYPES, type Direction, FRONTEND_TYPES, type Frame, STARTUP_CODES } from './frame.ts'

/** A letter and the length behind it. */
const HEADER_BYTES = 5
/** A first message has no letter, but a number behind its length. */
const STARTUP_HEADER_BYTES = 8
const PROTOCOL_MAJOR = 3

/** What came is not version 3 of the protocol. */
export class ProtocolError extends Error {}

/**
 * Cuts the bytes of one direction of a connection into messages, however they are split over reads. A client begins with messages
 * without a letter: any number of requests for encryption, and then the startup message.
 */
export class FrameReader {
  readonly #direction: Direction
  #isStarting: boolean
  #chunks: Buffer[] = []
  #buffered = 0
  /** How many bytes there must be before it is worth to look again. */
  #needed = 1

  constructor(direction: Direction) {
    this.#direction = direction
    this.#isStarting = direction === 'frontend'
  }

  /**
   * The messages that are whole with these bytes, in order.
   * @throws ProtocolError
   */
  push(chunk: Buffer): Frame[] {
    this.#chunks.push(chunk)
    this.#buffered += chunk.length
    if (this.#buffered < this.#needed) return []
    let rest = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks)
    const frames: Frame[] = []
    for (;;) {
      this.#needed = this.#lengthOf(rest)
      if (rest.length < this.#needed) break
      const bytes = rest.subarray(0, this.#needed)
      frames.push({ type: this.#typeOf(bytes), bytes })
      rest = rest.subarray(this.#needed)
    }
    this.#chunks = rest.length > 0 ? [rest] : []
    this.#buffered = rest.length
    return frames
  }

  /** Of the message that begins here; that of its header while this is not whole. */
  #lengthOf(bytes: Buffer): number {
    const headerBytes = this.#isStarting ? STARTUP_HEADER_BYTES : HEADER_BYTES
    if (bytes.length < headerBytes) return headerBytes
    if (this.#isStarting) checkStartup(bytes.readInt32BE(4))
    const length = this.#isStarting ? bytes.readInt32BE(0) : bytes.readInt32BE(1) + 1
    if (length < headerBytes) throw new ProtocolError(`A message cannot have a length of ${length} bytes.`)
    return length
  }

  #typeOf(bytes: Buffer): string {
    if (!this.#isStarting) {
      const letter = String.fromCharCode(bytes[0] as number)
      const types = this.#direction === 'frontend' ? FRONTEND_TYPES : BACKEND_TYPES
      return types[letter] ?? `Unknown ${letter}`
    }
    const request = STARTUP_CODES[bytes.readInt32BE(4)]
    if (request !== undefined) return request
    this.#isStarting = false
    return 'StartupMessage'
  }
}

function checkStartup(code: number): void {
  if (STARTUP_CODES[code] !== undefined || code >> 16 === PROTOCOL_MAJOR) return
  throw new ProtocolError(`A client begins with ${code}, which is no startup message.`)
}
