import type { Socket } from 'node:net'
import { DelayLine } from './delay-line.ts'
import { Drip } from './drip.ts'
import type { ConnectionInfo, Cut, FaultBoard, Place, SeenFrame } from './fault.ts'
import type { Direction, Frame } from './protocol/frame.ts'
import { FrameReader } from './protocol/frame-reader.ts'
import { readStartupParameters } from './protocol/read-text.ts'
import { StatementTracker } from './protocol/statement-tracker.ts'

/** Postgres' answer to a request for encryption that it does not offer. */
const NOT_ENCRYPTED = Buffer.from('N')

export interface ConnectionOptions {
  readonly number: number
  /** From the client; allowed to be half open, as the other one. */
  readonly client: Socket
  readonly postgres: Socket
  readonly faults: FaultBoard
  /** How long every message takes on its way, in milliseconds. */
  latencyMs(): number
  /** How many bytes arrive at a time, each a while after those before; `undefined`: all at once. */
  dripBytes(): number | undefined
  /** Told of every message that came, before anything happens to it. */
  onFrame(frame: SeenFrame): void
}

/** One connection through the proxy: passes messages on whole, and does to them what the faults say. */
export class ProxiedConnection implements ConnectionInfo {
  readonly number: number
  applicationName = ''
  /** Resolves when Postgres has closed its side, hence when its process is done with whatever it was sent. */
  readonly postgresGone: Promise<void>
  /** Resolves when the client has closed its side, also while the connection is stalled. */
  readonly clientGone: Promise<void>
  readonly #options: ConnectionOptions
  readonly #tracker = new StatementTracker()
  readonly #readers = { frontend: new FrameReader('frontend'), backend: new FrameReader('backend') }
  readonly #lines: Record<Direction, DelayLine>
  readonly #drips: Record<Direction, Drip>
  readonly #closed = new Set<Direction>()
  #isCut = false
  /** While stalled: what waits for `resume`. */
  #held: (() => void)[] | undefined

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.number = options.number
    this.#lines = { frontend: new DelayLine(options.latencyMs), backend: new DelayLine(options.latencyMs) }
    this.#drips = { frontend: new Drip(options.postgres), backend: new Drip(options.client) }
    this.postgresGone = firstOf(options.postgres, 'close')
    this.clientGone = firstOf(options.client, 'end', 'close')
    this.#pass('frontend', options.client)
    this.#pass('backend', options.postgres)
  }

  get isCut(): boolean {
    return this.#isCut
  }

  /** The client is connected and nothing is under way. */
  get isIdle(): boolean {
    return !this.#isCut && this.#held === undefined && this.#tracker.isIdle && !this.#options.client.destroyed
  }

  /** Ends it, whatever is under way. */
  cut(how: 'reset' | 'finish'): void {
    if (this.#isCut) return
    this.#isCut = true
    this.#held = undefined
    const { client } = this.#options
    // Behind everything that was written to it so far.
    this.#drips.frontend.end()
    if (how === 'finish') this.#drips.backend.end()
    else client.write('', () => client.resetAndDestroy())
  }

  /** From now on nothing gets through, in both directions, ends included, until `resume`. */
  stall(): void {
    if (!this.#isCut) this.#held ??= []
  }

  /** Whoever receives what goes this way sees the end of the other side, who is still heard of nothing; the other way goes on. */
  halfClose(direction: Direction): void {
    if (this.#isCut) return
    this.#closed.add(direction)
    this.#drips[direction].end()
  }

  /** Lets through what was held up while it was stalled, and what comes from now on. */
  resume(): void {
    const held = this.#held ?? []
    this.#held = undefined
    for (const work of held) this.#do(work)
  }

  destroy(): void {
    this.#isCut = true
    for (const line of [...Object.values(this.#lines), ...Object.values(this.#drips)]) line.clear()
    this.#options.client.destroy()
    this.#options.postgres.destroy()
  }

  #pass(direction: Direction, from: Socket): void {
    const end = () => this.#lines[direction].push(() => this.#do(() => this.#end(direction)))
    from.on('data', (chunk) => {
      // What was cut is read all the same: bytes left unread would turn the FIN into a RST.
      if (this.#isCut) return
      try {
        for (const frame of this.#readers[direction].push(chunk)) {
          this.#lines[direction].push(() => this.#do(() => this.#deliver(direction, frame)))
        }
      } catch (error) {
        from.destroy(error as Error)
      }
    })
    from.on('end', end)
    from.on('error', end)
    from.on('close', end)
  }

  /** Now, or when the stall is over. */
  #do(work: () => void): void {
    if (this.#held === undefined) work()
    else this.#held.push(work)
  }

  #end(direction: Direction): void {
    if (!this.#isCut) this.#drips[direction].end()
  }

  #write(direction: Direction, bytes: Buffer): void {
    this.#drips[direction].write(bytes, this.#options.dripBytes())
  }

  #deliver(direction: Direction, frame: Frame): void {
    if (this.#isCut || this.#closed.has(direction)) return
    if (direction === 'frontend' && this.#isForProxy(frame)) return
    const seen: SeenFrame = {
      connection: this,
      direction,
      ...frame,
      ...this.#tracker.place(direction, frame),
    }
    this.#options.onFrame(seen)
    const fault = this.#options.faults.take(seen)
    if (fault === undefined) this.#write(direction, frame.bytes)
    else if (fault.action !== 'drop') this.#break(direction, frame.bytes, fault.at, fault.action)
  }

  /** Requests for encryption: what cannot be read cannot be cut, so they are refused. */
  #isForProxy({ type, bytes }: Frame): boolean {
    if (type === 'StartupMessage') this.applicationName = readStartupParameters(bytes).get('application_name') ?? ''
    if (type === 'CancelRequest') {
      this.#write('frontend', bytes)
      return true
    }
    if (type !== 'SSLRequest' && type !== 'GSSENCRequest') return false
    this.#write('backend', NOT_ENCRYPTED)
    return true
  }

  #break(direction: Direction, bytes: Buffer, at: Place, how: Cut): void {
    const middle = { before: 0, inside: bytes.length >> 1, after: bytes.length }[at]
    this.#write(direction, bytes.subarray(0, middle))
    switch (how) {
      case 'reset':
      case 'finish':
        this.cut(how)
        return
      case 'halfClose':
        this.halfClose(direction)
        return
      case 'stall':
        this.#held = [() => this.#write(direction, bytes.subarray(middle))]
    }
  }
}

function firstOf(socket: Socket, ...events: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    for (const event of events) socket.once(event, () => resolve())
  })
}
