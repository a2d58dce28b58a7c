import { closeSync, openSync, writeSync } from 'node:fs'
import type {
  ClockEvent,
  FaultEvent,
  HistoryEvent,
  InvokeEvent,
  Operation,
  Protocol,
  QueueEvent,
  RestEvent,
  Result,
} from './event.ts'
import { wasNeverSent } from './never-sent.ts'
import { addOperations, NO_OPERATIONS, operationsOf } from './operations.ts'

const BUFFER_CHARACTERS_MAX = 1 << 16

/** Who asks whom, and how. */
export interface Caller {
  readonly client: string
  readonly server: string
  readonly protocol: Protocol
}

/** What became of a request, as a client sees it. */
export type Outcome =
  | { readonly outcome: 'ok'; readonly result: Result }
  | { readonly outcome: 'fail' | 'unknown'; readonly code: string }

type WithoutTime<Event> = Event extends HistoryEvent ? Omit<Event, 'atMs'> : never

/** Writes a history to a file, line by line in the order of the calls, and counts the requests. */
export class HistoryWriter {
  readonly #file: number
  readonly #beganMs = performance.now()
  #lines: string[] = []
  #characters = 0
  #nextId = 1
  #nextFaultId = 1
  readonly #waiters = new Set<{ readonly requests: number; readonly resolve: () => void }>()
  /** Requests that have left their clients and ended, however they did. */
  ended = 0
  operations = NO_OPERATIONS
  /** How many faults have been injected. */
  faults = 0

  constructor(path: string) {
    this.#file = openSync(path, 'w')
  }

  queue(event: Omit<QueueEvent, 'type' | 'atMs'>): void {
    this.#write({ type: 'queue', ...event })
  }

  phase(phase: 'rest' | 'drain'): void {
    this.#write({ type: 'phase', phase })
  }

  /** What a process holds at rest. */
  rest(event: WithoutTime<RestEvent>): void {
    this.#write(event)
  }

  /** The run is over; `isClean` when everything came out. */
  end(isClean: boolean): void {
    this.#write({ type: 'phase', phase: 'end', isClean })
  }

  /** Numbers a new fault. */
  nextFaultId(): number {
    return this.#nextFaultId++
  }

  fault(event: Omit<FaultEvent, 'type' | 'atMs'>): void {
    if (event.step === 'injected') this.faults += 1
    this.#write({ type: 'fault', ...event })
  }

  /** The clock of the database is stepped: one line before, one after. */
  clock(event: Omit<ClockEvent, 'type' | 'atMs'>): void {
    this.#write({ type: 'clock', ...event })
  }

  /** Writes what is about to be asked, asks, and writes what became of it. */
  async record(caller: Caller, operation: Operation, ask: () => Promise<Outcome>): Promise<Outcome> {
    const id = this.#nextId++
    const invoke: Omit<InvokeEvent, 'atMs'> = { type: 'invoke', id, ...caller, operation }
    this.#write(invoke)
    const outcome = await ask()
    if (outcome.outcome === 'ok' || !wasNeverSent(outcome.code)) this.ended += 1
    this.operations = addOperations(this.operations, operationsOf(outcome))
    if (outcome.outcome === 'ok') {
      this.#write({ type: 'ok', id, result: outcome.result })
    } else {
      this.#write({ type: outcome.outcome, id, code: outcome.code })
    }
    for (const waiter of this.#waiters) {
      if (waiter.requests <= this.ended) waiter.resolve()
    }
    return outcome
  }

  /** Waits until so many requests have ended, it takes too long, or nobody wants to know any more. */
  async untilEnded(
    requests: number,
    { signal, secondsMax }: { readonly signal?: AbortSignal; readonly secondsMax?: number } = {},
  ): Promise<void> {
    if (this.ended >= requests || signal?.aborted) return
    await new Promise<void>((resolve) => {
      const finish = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', finish)
        this.#waiters.delete(waiter)
        resolve()
      }
      const waiter = { requests, resolve: finish }
      const timer = secondsMax === undefined ? undefined : setTimeout(finish, secondsMax * 1000)
      signal?.addEventListener('abort', finish)
      this.#waiters.add(waiter)
    })
  }

  /** Puts all lines into the file, and closes it. */
  close(): void {
    this.#flush()
    closeSync(this.#file)
  }

  #write(event: WithoutTime<HistoryEvent>): void {
    const atMs = Math.round((performance.now() - this.#beganMs) * 10) / 10
    const line = JSON.stringify({ atMs, ...event })
    this.#lines.push(line)
    this.#characters += line.length
    if (this.#characters > BUFFER_CHARACTERS_MAX) this.#flush()
  }

  #flush(): void {
    writeSync(this.#file, this.#lines.map((line) => `${line}\n`).join(''))
    this.#lines = []
    this.#characters = 0
  }
}
