import { closeSync, openSync, writeSync } from 'node:fs'
import type {
  FaultEvent,
  HistoryEvent,
  InvokeEvent,
  Operation,
  PhaseEvent,
  Protocol,
  QueueEvent,
  Result,
} from './event.ts'

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

/** Writes a history to a file, line by line in the order of the calls, and counts what goes by. */
export class HistoryWriter {
  readonly #file: number
  readonly #beganMs = performance.now()
  #lines: string[] = []
  #characters = 0
  #nextId = 1
  #nextFaultId = 1
  /** Requests that have ended, however they did. */
  ended = 0
  /** Those of them that were acknowledged. */
  acknowledged = 0
  /** Faults that were injected. */
  faults = 0

  constructor(path: string) {
    this.#file = openSync(path, 'w')
  }

  queue(event: Omit<QueueEvent, 'type' | 'atMs'>): void {
    this.#write({ type: 'queue', ...event })
  }

  phase(event: WithoutTime<PhaseEvent> extends infer Phase ? Omit<Phase, 'type'> : never): void {
    this.#write({ type: 'phase', ...event } as WithoutTime<PhaseEvent>)
  }

  /** Numbers a new fault. */
  nextFaultId(): number {
    return this.#nextFaultId++
  }

  fault(event: Omit<FaultEvent, 'type' | 'atMs'>): void {
    if (event.step === 'injected') this.faults += 1
    this.#write({ type: 'fault', ...event })
  }

  /** Writes what is about to be asked, asks, and writes what became of it. */
  async record(caller: Caller, operation: Operation, ask: () => Promise<Outcome>): Promise<Outcome> {
    const id = this.#nextId++
    const invoke: Omit<InvokeEvent, 'atMs'> = { type: 'invoke', id, ...caller, operation }
    this.#write(invoke)
    const outcome = await ask()
    this.ended += 1
    if (outcome.outcome === 'ok') {
      this.acknowledged += 1
      this.#write({ type: 'ok', id, result: outcome.result })
    } else {
      this.#write({ type: outcome.outcome, id, code: outcome.code })
    }
    return outcome
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
