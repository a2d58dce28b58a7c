import type {
  Entry,
  HistoryEvent,
  MoveTask,
  Operation,
  OutgoingEntry,
  QueueEvent,
  ReceivedEntry,
  RestEvent,
  Result,
  SentEntry,
} from '../history/event.ts'
import { type History, indexHistory } from '../history/index-history.ts'
import type { Checker } from './checker.ts'

type WithoutTime<Event> = Event extends HistoryEvent ? Omit<Event, 'atMs'> : never
type Receiving = Record<'client' | 'server' | 'attemptId', string> & { readonly leaseSeconds: number }
type Told = Partial<OutgoingEntry & SentEntry>

/**
 * Writes histories by hand, for tests of checkers: a value is its message's name, `id-<value>` its id, and `<value>#<count>` the handle of a
 * delivery. Each event comes a millisecond after the last one, unless the clock is moved.
 */
export class Story {
  readonly #events: HistoryEvent[] = []
  #nowMs = 0
  #id = 0
  #faultId = 0

  /** The clock moves on to this time. */
  at(ms: number): this {
    this.#nowMs = ms
    return this
  }

  queue(queue: string, settings: Partial<QueueEvent> = {}): this {
    return this.#write({ type: 'queue', queue, kind: queue.endsWith('.fifo') ? 'fifo' : 'standard', ...settings })
  }

  /** @returns the id of the request, for its outcome */
  invoke(operation: Operation, { client = 'c1', server = 's1' } = {}): number {
    this.#id += 1
    this.#write({ type: 'invoke', id: this.#id, client, server, protocol: 'json', operation })
    return this.#id
  }

  ok(id: number, result: Result): this {
    return this.#write({ type: 'ok', id, result })
  }

  fail(id: number, code = 'refused'): this {
    return this.#write({ type: 'fail', id, code })
  }

  unknown(id: number, code = 'ECONNRESET'): this {
    return this.#write({ type: 'unknown', id, code })
  }

  invokeSend(queue: string, value: string, told: Told = {}): number {
    return this.invoke({ kind: 'send', queue, messages: [outgoing(value, told)] })
  }

  sent(id: number, value: string, told: Told = {}): this {
    return this.ok(id, { kind: 'send', entries: [{ outcome: 'ok', messageId: `id-${value}`, ...sentPart(told) }] })
  }

  /** A send that is acknowledged. */
  send(queue: string, value: string, told: Told = {}): this {
    return this.sent(this.invokeSend(queue, value, told), value, told)
  }

  sendBatch(queue: string, tolds: Readonly<Record<string, Told>>): this {
    const entries = Object.entries(tolds)
    const id = this.invoke({ kind: 'send', queue, messages: entries.map(([value, told]) => outgoing(value, told)) })
    const answers = entries.map(
      ([value, told]): Entry<SentEntry> => ({ outcome: 'ok', messageId: `id-${value}`, ...sentPart(told) }),
    )
    return this.ok(id, { kind: 'send', entries: answers })
  }

  invokeReceive(
    queue: string,
    { leaseSeconds = 10, client = 'c1', server = 's1', attemptId = '' }: Partial<Receiving> = {},
  ): number {
    const attempt = attemptId === '' ? {} : { attemptId }
    return this.invoke(
      { kind: 'receive', queue, max: 10, waitSeconds: 0, leaseSeconds, ...attempt },
      { client, server },
    )
  }

  /** A receive with an attempt id, which makes it possible to make it again. */
  attempt(queue: string, attemptId: string, ...deliveries: readonly (string | Partial<ReceivedEntry>)[]): this {
    return this.received(this.invokeReceive(queue, { attemptId }), ...deliveries)
  }

  /** @param deliveries `value` or `value#count`, or all that there is to say */
  received(id: number, ...deliveries: readonly (string | Partial<ReceivedEntry>)[]): this {
    return this.ok(id, { kind: 'receive', messages: deliveries.map(toReceived) })
  }

  receive(queue: string, ...deliveries: readonly (string | Partial<ReceivedEntry>)[]): this {
    return this.received(this.invokeReceive(queue), ...deliveries)
  }

  delete(queue: string, ...handles: readonly string[]): this {
    const id = this.invoke({ kind: 'delete', queue, handles })
    return this.ok(id, { kind: 'delete', entries: handles.map(() => ({ outcome: 'ok' })) })
  }

  change(queue: string, handle: string, leaseSeconds: number): this {
    const id = this.invoke({ kind: 'change', queue, changes: [{ handle, leaseSeconds }] })
    return this.ok(id, { kind: 'change', entries: [{ outcome: 'ok' }] })
  }

  act(kind: 'purge' | 'createQueue' | 'deleteQueue', queue: string): this {
    return this.ok(this.invoke({ kind, queue }), { kind })
  }

  startMove(queue: string, destination: string): this {
    const id = this.invoke({ kind: 'startMove', queue, destination, perSecondMax: 500 })
    return this.ok(id, { kind: 'startMove', tasks: [{ id: 't1', status: 'running', moved: 0 }] })
  }

  /** The tasks of a queue are listed. */
  moves(queue: string, ...tasks: readonly MoveTask[]): this {
    return this.ok(this.invoke({ kind: 'listMoves', queue }), { kind: 'listMoves', tasks })
  }

  count(queue: string, visible: number, { inFlight = 0, delayed = 0, server = 's1' } = {}): this {
    const id = this.invoke({ kind: 'count', queue }, { server })
    return this.ok(id, { kind: 'count', counts: { visible, inFlight, delayed } })
  }

  /** A fault that is injected and healed, with what happens meanwhile. It hits everybody, or `server`. */
  fault(fault: string, meanwhile: (story: Story) => unknown = () => {}, stops?: 'database', server?: string): this {
    this.#faultId += 1
    const whom = server === undefined ? {} : { server }
    const about = { type: 'fault', id: this.#faultId, fault, ...(stops && { stops }), ...whom } as const
    this.#write({ ...about, step: 'injecting' }).#write({ ...about, step: 'injected' })
    meanwhile(this)
    return this.#write({ ...about, step: 'healing' }).#write({ ...about, step: 'healed' })
  }

  /** `s1` stands still from here on. */
  pause(): this {
    this.#faultId += 1
    const about = { type: 'fault', id: this.#faultId, fault: 'pause', server: 's1' } as const
    return this.#write({ ...about, step: 'injecting' }).#write({ ...about, step: 'injected' })
  }

  /** An orderly stop of `s1`, with what happens until it has ended. */
  stop(meanwhile: (story: Story) => unknown): this {
    this.#faultId += 1
    const about = { type: 'fault', id: this.#faultId, fault: 'restart', server: 's1', isOrderly: true } as const
    this.#write({ ...about, step: 'injecting' })
    meanwhile(this)
    return this.#write({ ...about, step: 'injected' })
      .#write({ ...about, step: 'healing' })
      .#write({ ...about, step: 'healed' })
  }

  /** What a process holds at rest. */
  rests(line: WithoutTime<RestEvent>): this {
    return this.#write(line)
  }

  /** A step of the database clock. */
  stepClock(byMs: number): this {
    return this.#write({ type: 'clock', step: 'moving', byMs }).#write({ type: 'clock', step: 'moved', byMs })
  }

  rest(): this {
    return this.#write({ type: 'phase', phase: 'rest' })
  }

  drain(): this {
    return this.#write({ type: 'phase', phase: 'drain' })
  }

  end(isClean = true): this {
    return this.#write({ type: 'phase', phase: 'end', isClean })
  }

  get history(): History {
    return indexHistory(this.#events)
  }

  #write(event: WithoutTime<HistoryEvent>): this {
    this.#events.push({ ...event, atMs: this.#nowMs } as HistoryEvent)
    this.#nowMs += 1
    return this
  }
}

/** What a checker says about a story, by its texts; fails when it had nothing to look at. */
export function findingsOf(checker: Checker, story: Story): readonly string[] {
  const { checked, violations } = checker.check(story.history)
  if (checked === 0) throw new Error(`${checker.name} found nothing to look at`)
  return violations.map(({ text }) => text)
}

function outgoing(value: string, told: Told): OutgoingEntry {
  const { messageId, sequenceNumber, saidMd5, saidAttributesMd5, ...rest } = told
  return { value, md5: `md5 of ${value}`, ...rest }
}

function sentPart({ messageId, sequenceNumber, saidMd5, saidAttributesMd5 }: Told): Partial<SentEntry> {
  return {
    ...(messageId === undefined ? {} : { messageId }),
    ...(sequenceNumber === undefined ? {} : { sequenceNumber }),
    ...(saidMd5 === undefined ? {} : { saidMd5 }),
    ...(saidAttributesMd5 === undefined ? {} : { saidAttributesMd5 }),
  }
}

function toReceived(delivery: string | Partial<ReceivedEntry>): ReceivedEntry {
  const { value: named = '', ...told } = typeof delivery === 'string' ? { value: delivery } : delivery
  const [value = '', count = '1'] = named.split('#')
  return {
    ...{
      value,
      messageId: `id-${value}`,
      handle: `${value}#${count}`,
      md5: `md5 of ${value}`,
      receiveCount: Number(count),
    },
    ...told,
  }
}
