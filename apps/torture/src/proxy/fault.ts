import type { Direction } from './protocol/frame.ts'
import type { Statement } from './protocol/statement-tracker.ts'

/** A connection through the proxy, as its startup message describes it. */
export interface ConnectionInfo {
  /** In the order in which they came, from 1. */
  readonly number: number
  readonly applicationName: string
}

/** A message on its way through the proxy. */
export interface SeenFrame {
  readonly connection: ConnectionInfo
  readonly direction: Direction
  readonly type: string
  /** All of it, letter and length included. */
  readonly bytes: Buffer
  readonly statement: Statement
  /** Among the messages of its direction in the statement, from 1. */
  readonly numberInStatement: number
}

/** Where in a message: before its first byte, in its middle, or behind its last byte. What is before that point still arrives. */
export type Place = 'before' | 'inside' | 'after'

/**
 * What can happen to a connection at a point.
 * - `reset`: it ends, for the client by a RST. Postgres sees the end of the client behind what it was sent.
 * - `finish`: the same, by a FIN.
 * - `halfClose`: the receiver of the message sees the end of the other side; the other direction goes on.
 * - `stall`: nothing gets through any more, in both directions, ends included, until `resume`.
 */
export type Cut = 'reset' | 'finish' | 'halfClose' | 'stall'

/** What happens, and to which message. */
export type Fault = {
  matches(frame: SeenFrame): boolean
  /** For the so-manieth message that matches, from 1. Absent: for the first. */
  readonly occurrence?: number
} & (
  | { readonly action: Cut; readonly at: Place }
  /** Every message that matches gets lost, from the so-manieth on. */
  | { readonly action: 'drop' }
)

/** A fault that the proxy is watching for. */
export interface ArmedFault {
  /** Resolves with the message that it happened to first. */
  readonly hit: Promise<SeenFrame>
  readonly isHit: boolean
  disarm(): void
}

/** The faults that are armed on a proxy. */
export class FaultBoard {
  readonly #armed = new Set<(frame: SeenFrame) => Fault | undefined>()

  arm(fault: Fault): ArmedFault {
    const { promise: hit, resolve } = Promise.withResolvers<SeenFrame>()
    const occurrence = fault.occurrence ?? 1
    let seen = 0
    let isHit = false
    const watch = (frame: SeenFrame) => {
      if (!fault.matches(frame) || ++seen < occurrence) return undefined
      isHit = true
      resolve(frame)
      if (fault.action !== 'drop') this.#armed.delete(watch)
      return fault
    }
    this.#armed.add(watch)
    return {
      hit,
      get isHit() {
        return isHit
      },
      disarm: () => this.#armed.delete(watch),
    }
  }

  /** What happens to this message; of several faults the one that was armed first, while all of them count it. */
  take(frame: SeenFrame): Fault | undefined {
    return [...this.#armed].map((watch) => watch(frame)).find((fault) => fault !== undefined)
  }
}
