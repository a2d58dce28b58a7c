import type { Direction, Frame } from './frame.ts'
import { readText } from './read-text.ts'

/** A unit of work on a connection: everything from its first message to the `ReadyForQuery` that ends it. */
export interface Statement {
  /** On this connection, from 0: the startup. */
  readonly number: number
  /** Its SQL, also when it was prepared long ago; `STARTUP` or `TERMINATE` for what is none. */
  readonly text: string
  /** The texts of the transaction so far, from `BEGIN` to this one; of a statement that is its own transaction its text alone. */
  readonly transaction: readonly string[]
}

/** A message, and where it stands. */
export interface Placed {
  readonly statement: Statement
  /** Among the messages of its direction in the statement, from 1; notifications do not count. */
  readonly numberInStatement: number
}

export const STARTUP = '(startup)'
export const TERMINATE = '(terminate)'

interface Running {
  readonly statement: Statement
  readonly seen: Record<Direction, number>
}

/** Offsets behind the letter and the length. */
const BODY = 5

/** Follows a connection and says to which statement each of its messages belongs, also of a client that pipelines. */
export class StatementTracker {
  readonly #prepared = new Map<string, string>()
  /** Those that are not ended, the oldest first: what Postgres says is about that one. */
  readonly #running: Running[]
  #last: Running
  /** The last statement is sent completely: what the client says next begins another one. */
  #isSent = false
  #inTransaction = false
  #transaction: readonly string[] = []

  constructor() {
    this.#last = { statement: { number: 0, text: STARTUP, transaction: [STARTUP] }, seen: { frontend: 0, backend: 0 } }
    this.#running = [this.#last]
  }

  /** Nothing is under way. */
  get isIdle(): boolean {
    return this.#running.length === 0
  }

  /** Takes note of the next message. */
  place(direction: Direction, frame: Frame): Placed {
    return direction === 'frontend' ? this.#placeFrontend(frame) : this.#placeBackend(frame)
  }

  #placeFrontend({ type, bytes }: Frame): Placed {
    if (type === 'Parse') {
      const name = readText(bytes, BODY)
      this.#prepared.set(name.text, readText(bytes, name.next).text)
    }
    if (this.#isSent) this.#begin(this.#textOf(type, bytes))
    if (type === 'Sync' || type === 'Query') this.#isSent = true
    const { statement, seen } = this.#last
    return { statement, numberInStatement: ++seen.frontend }
  }

  #placeBackend({ type, bytes }: Frame): Placed {
    const { statement, seen } = this.#running[0] ?? this.#last
    if (type === 'NotificationResponse') return { statement, numberInStatement: seen.backend }
    if (type === 'ReadyForQuery') {
      this.#running.shift()
      this.#inTransaction = String.fromCharCode(bytes[BODY] as number) !== 'I'
      if (statement.text === STARTUP) this.#isSent = true
    }
    return { statement, numberInStatement: ++seen.backend }
  }

  #begin(text: string): void {
    this.#transaction = this.#inTransaction ? [...this.#transaction, text] : [text]
    const statement = { number: this.#last.statement.number + 1, text, transaction: this.#transaction }
    this.#last = { statement, seen: { frontend: 0, backend: 0 } }
    this.#isSent = false
    this.#running.push(this.#last)
  }

  #textOf(type: string, bytes: Buffer): string {
    switch (type) {
      case 'Query':
        return readText(bytes, BODY).text
      case 'Parse':
        return this.#prepared.get(readText(bytes, BODY).text) ?? ''
      case 'Bind': {
        // Behind the name of the portal.
        const portal = readText(bytes, BODY)
        return this.#prepared.get(readText(bytes, portal.next).text) ?? ''
      }
      case 'Terminate':
        return TERMINATE
      default:
        return `(${type})`
    }
  }
}
