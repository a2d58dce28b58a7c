import type { LeaseChange, Operation } from '../history/event.ts'
import type { HistoryWriter, Outcome } from '../history/history-writer.ts'
import type { NewMessage } from './message.ts'
import { attributesOf, type QueuePlan } from './queues.ts'
import { createQueue } from './wire/json-wire.ts'
import { cancelMove, listMoves, startMove } from './wire/move-tasks.ts'
import type { ReceiveOptions, Wire } from './wire/wire.ts'

/** A server that can be asked. */
export interface Target {
  readonly name: string
  /** Without a trailing slash. */
  readonly url: string
  /** Whether clients leave the receives that they have there. Absent: they stay. */
  readonly isLeft?: boolean
}

/** A client on the wire that writes down all it does. */
export class RecordingWire {
  readonly #history: HistoryWriter
  readonly #client: string
  readonly #wire: Wire

  constructor(history: HistoryWriter, client: string, wire: Wire) {
    this.#history = history
    this.#client = client
    this.#wire = wire
  }

  send(target: Target, queue: string, messages: readonly NewMessage[]): Promise<Outcome> {
    const operation = { kind: 'send', queue, messages: messages.map(({ entry }) => entry) } as const
    return this.#record(target, operation, () => this.#wire.send(target.url, queue, messages))
  }

  receive(target: Target, queue: string, options: ReceiveOptions): Promise<Outcome> {
    return this.#record(target, { kind: 'receive', queue, ...options }, () =>
      this.#wire.receive(target.url, queue, options),
    )
  }

  /** @param isAltered a handle was made of a real one by changing it */
  delete(target: Target, queue: string, handles: readonly string[], isAltered = false): Promise<Outcome> {
    return this.#record(target, { kind: 'delete', queue, handles, ...(isAltered ? { altered: true } : {}) }, () =>
      this.#wire.delete(target.url, queue, handles),
    )
  }

  change(target: Target, queue: string, changes: readonly LeaseChange[], isAltered = false): Promise<Outcome> {
    return this.#record(target, { kind: 'change', queue, changes, ...(isAltered ? { altered: true } : {}) }, () =>
      this.#wire.change(target.url, queue, changes),
    )
  }

  count(target: Target, queue: string): Promise<Outcome> {
    return this.#record(target, { kind: 'count', queue }, () => this.#wire.count(target.url, queue))
  }

  purge(target: Target, queue: string): Promise<Outcome> {
    return this.#record(target, { kind: 'purge', queue }, () => this.#wire.purge(target.url, queue))
  }

  deleteQueue(target: Target, queue: string): Promise<Outcome> {
    return this.#record(target, { kind: 'deleteQueue', queue }, () => this.#wire.deleteQueue(target.url, queue))
  }

  startMove(target: Target, queue: string, destination: string, perSecondMax: number): Promise<Outcome> {
    return this.#recordRest(target, { kind: 'startMove', queue, destination, perSecondMax }, () =>
      startMove(target.url, queue, destination, perSecondMax),
    )
  }

  cancelMove(target: Target, queue: string, task: string): Promise<Outcome> {
    return this.#recordRest(target, { kind: 'cancelMove', queue, task }, () => cancelMove(target.url, queue, task))
  }

  listMoves(target: Target, queue: string): Promise<Outcome> {
    return this.#recordRest(target, { kind: 'listMoves', queue }, () => listMoves(target.url, queue))
  }

  createQueue(target: Target, plan: QueuePlan): Promise<Outcome> {
    return this.#record(target, { kind: 'createQueue', queue: plan.queue }, () =>
      createQueue(target.url, plan.queue, attributesOf(plan)),
    )
  }

  /** What clients do over REST, whatever they speak else. */
  #recordRest(target: Target, operation: Operation, ask: () => Promise<Outcome>): Promise<Outcome> {
    return this.#history.record({ client: this.#client, server: target.name, protocol: 'rest' }, operation, ask)
  }

  #record(target: Target, operation: Operation, ask: () => Promise<Outcome>): Promise<Outcome> {
    const caller = { client: this.#client, server: target.name, protocol: this.#wire.protocol }
    return this.#history.record(caller, operation, ask)
  }
}
