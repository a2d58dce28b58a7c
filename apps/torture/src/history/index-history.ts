import type {
  ClockEvent,
  Counts,
  Entry,
  FaultEvent,
  HistoryEvent,
  InvokeEvent,
  LeaseChange,
  MoveTask,
  OutgoingEntry,
  PhaseEvent,
  QueueEvent,
  ReceivedEntry,
  RestEvent,
  Result,
  SentEntry,
} from './event.ts'

/**
 * When something was asked and answered. Positions are those of lines: a smaller one came before, whatever clocks say. What has no
 * answer has the position and time `Infinity`.
 */
export interface Span {
  /** Of the request. */
  readonly id: number
  readonly client: string
  readonly server: string
  readonly queue: string
  readonly invokedAt: number
  readonly invokedMs: number
  readonly completedAt: number
  readonly completedMs: number
  /** Of the request; of its entry where there are entries. */
  readonly outcome: 'ok' | 'fail' | 'unknown'
  /** Why it is not `ok`. */
  readonly code?: string
}

/** One message that a client sent. */
export interface Send extends Span, OutgoingEntry, Partial<SentEntry> {
  /** The place in its batch. */
  readonly index: number
}

/** One receive, whatever it brought. */
export interface Receive extends Span {
  readonly max: number
  readonly leaseSeconds: number
  readonly waitSeconds: number
  readonly attemptId?: string
  /** What it brought, and what it brought again. */
  readonly deliveries: readonly Delivery[]
}

/** One message that a client received. */
export interface Delivery extends Span, ReceivedEntry {
  readonly leaseSeconds: number
  /** The place in its response. */
  readonly index: number
  /** The same delivery once more, to a receive that was made again. It is none of its own. */
  readonly isRepeat?: true
}

/** One handle that a client deleted with. */
export interface Deletion extends Span {
  readonly handle: string
  /** It was made of a real one by changing a character. */
  readonly isAltered: boolean
}

/** One handle whose lease a client changed. */
export interface Change extends Span, LeaseChange {
  readonly isAltered: boolean
  /** By a receive that was made again, which begins the lease anew. */
  readonly isRepeat?: true
}

/** One question for the counts of a queue. */
export interface Counting extends Span {
  readonly counts?: Counts
}

/** A move task that was started, cancelled or listed. */
export interface MoveAct extends Span {
  readonly act: 'startMove' | 'cancelMove' | 'listMoves'
  /** As the answer tells. */
  readonly tasks: readonly MoveTask[]
}

/** A purge, deletion or creation of a queue. */
export interface QueueAct extends Span {
  readonly act: 'purge' | 'createQueue' | 'deleteQueue'
}

/** All that is known of a message. */
export interface Message {
  readonly id: string
  /** That stored it, or answered with its id because they were duplicates; and those whose values were delivered with its id. */
  readonly sends: Send[]
  /** By their receive count. */
  readonly deliveries: Delivery[]
  /** With handles of this message. */
  readonly deletions: Deletion[]
  readonly changes: Change[]
}

/** A step of the database clock, which was made at some moment between two times. */
export interface ClockStep {
  readonly byMs: number
  readonly fromMs: number
  /** `Infinity` when nobody knows whether it was made. */
  readonly toMs: number
}

/** A fault with its four steps, as positions and times; `Infinity` for what did not come. */
export interface FaultSpan {
  readonly id: number
  readonly fault: string
  readonly stops?: FaultEvent['stops']
  readonly server?: string
  readonly isOrderly?: true
  /** `injecting` */
  readonly beganAt: number
  readonly beganMs: number
  readonly injectedAt: number
  readonly injectedMs: number
  readonly healingAt: number
  /** `healed` */
  readonly endedAt: number
  readonly endedMs: number
}

/** A history, sorted by what checkers ask for. */
export interface History {
  readonly events: readonly HistoryEvent[]
  readonly queues: ReadonlyMap<string, QueueEvent>
  readonly sends: readonly Send[]
  readonly sendsByValue: ReadonlyMap<string, Send>
  readonly receives: readonly Receive[]
  readonly deliveries: readonly Delivery[]
  readonly deliveriesByHandle: ReadonlyMap<string, Delivery>
  readonly deletions: readonly Deletion[]
  readonly changes: readonly Change[]
  readonly countings: readonly Counting[]
  readonly acts: readonly QueueAct[]
  readonly moves: readonly MoveAct[]
  readonly messages: ReadonlyMap<string, Message>
  readonly faults: readonly FaultSpan[]
  readonly phases: readonly At<PhaseEvent>[]
  readonly rests: readonly RestEvent[]
  /** In their order. */
  readonly clockSteps: readonly ClockStep[]
}

type At<Event> = Event & { readonly at: number }

interface Answer {
  readonly at: number
  readonly atMs: number
  readonly outcome: 'ok' | 'fail' | 'unknown'
  readonly code?: string
  readonly result?: Result
}

const NO_ANSWER: Answer = { at: Number.POSITIVE_INFINITY, atMs: Number.POSITIVE_INFINITY, outcome: 'unknown' }

/** One span for each request, however many entries it has. */
export function requestsOf({ sends, receives, deletions, changes, countings, acts, moves }: History): readonly Span[] {
  const requests = new Map<number, Span>()
  for (const list of [sends, receives, deletions, changes, countings, acts, moves]) {
    for (const span of list) requests.set(span.id, span)
  }
  return [...requests.values()]
}

/** Sorts the events of a history. A request without an outcome is one whose outcome is unknown. */
export function indexHistory(events: readonly HistoryEvent[]): History {
  const answers = answersOf(events)
  const queues = new Map<string, QueueEvent>()
  const faults: At<FaultEvent>[] = []
  const phases: At<PhaseEvent>[] = []
  const rests: RestEvent[] = []
  const clockEvents: ClockEvent[] = []
  const requests = new Requests()
  for (const [at, event] of events.entries()) {
    if (event.type === 'queue') queues.set(event.queue, event)
    else if (event.type === 'fault') faults.push({ ...event, at })
    else if (event.type === 'clock') clockEvents.push(event)
    else if (event.type === 'phase') phases.push({ ...event, at })
    else if (event.type === 'server' || event.type === 'database') rests.push(event)
    else if (event.type === 'invoke') requests.add(event, at, answers.get(event.id) ?? NO_ANSWER)
  }
  const { sends, deliveries, deletions, changes } = requests
  const sendsByValue = new Map(sends.map((send) => [send.value, send]))
  const deliveriesByHandle = new Map<string, Delivery>()
  for (const delivery of deliveries) deliveriesByHandle.set(delivery.handle, delivery)
  const messages = messagesOf(requests, sendsByValue, deliveriesByHandle)
  return {
    ...{
      events,
      queues,
      faults: faultsOf(faults),
      phases,
      rests,
      clockSteps: clockStepsOf(clockEvents),
      sends,
      sendsByValue,
      deliveries,
      deliveriesByHandle,
      deletions,
      changes,
      messages,
    },
    receives: requests.receives,
    countings: requests.countings,
    acts: requests.acts,
    moves: requests.moves,
  }
}

function answersOf(events: readonly HistoryEvent[]): Map<number, Answer> {
  const answers = new Map<number, Answer>()
  for (const [at, event] of events.entries()) {
    if (event.type === 'ok') answers.set(event.id, { at, atMs: event.atMs, outcome: 'ok', result: event.result })
    else if (event.type === 'fail' || event.type === 'unknown') {
      answers.set(event.id, { at, atMs: event.atMs, outcome: event.type, code: event.code })
    }
  }
  return answers
}

/** Takes requests apart into their entries. */
class Requests {
  readonly sends: Send[] = []
  readonly receives: Receive[] = []
  readonly deliveries: Delivery[] = []
  readonly deletions: Deletion[] = []
  readonly changes: Change[] = []
  readonly countings: Counting[] = []
  readonly acts: QueueAct[] = []
  readonly moves: MoveAct[] = []
  /** The handles that receives with an attempt id have brought, by queue and id. */
  readonly #handlesOfAttempts = new Map<string, Set<string>>()

  add({ id, client, server, atMs, operation }: InvokeEvent, invokedAt: number, answer: Answer): void {
    const { queue } = operation
    const span: Span = {
      ...{ id, client, server, queue, invokedAt, invokedMs: atMs, completedAt: answer.at, completedMs: answer.atMs },
      outcome: answer.outcome,
      ...(answer.code === undefined ? {} : { code: answer.code }),
    }
    const { result } = answer
    switch (operation.kind) {
      case 'send': {
        const entries = result?.kind === 'send' ? result.entries : []
        for (const [index, message] of operation.messages.entries()) {
          this.sends.push({ ...span, ...message, ...outcomeOf(entries[index], span), index })
        }
        return
      }
      case 'receive': {
        const { max, leaseSeconds, waitSeconds, attemptId } = operation
        const received = result?.kind === 'receive' ? result.messages : []
        const known = this.#repeat(span, operation)
        const deliveries = received.map((message, index): Delivery => {
          const isRepeat = known.has(message.handle)
          return { ...span, ...message, leaseSeconds, index, ...(isRepeat ? { isRepeat } : {}) }
        })
        const attempt = attemptId === undefined ? {} : { attemptId }
        this.receives.push({ ...span, max, leaseSeconds, waitSeconds, ...attempt, deliveries })
        for (const delivery of deliveries) {
          if (delivery.isRepeat) this.changes.push({ ...span, handle: delivery.handle, leaseSeconds, ...REPEAT })
          else this.deliveries.push(delivery)
          known.add(delivery.handle)
        }
        return
      }
      case 'delete': {
        const entries = result?.kind === 'delete' ? result.entries : []
        for (const [index, handle] of operation.handles.entries()) {
          this.deletions.push({
            ...span,
            ...outcomeOf(entries[index], span),
            handle,
            isAltered: operation.altered === true,
          })
        }
        return
      }
      case 'change': {
        const entries = result?.kind === 'change' ? result.entries : []
        for (const [index, change] of operation.changes.entries()) {
          this.changes.push({
            ...span,
            ...change,
            ...outcomeOf(entries[index], span),
            isAltered: operation.altered === true,
          })
        }
        return
      }
      case 'count':
        this.countings.push({ ...span, ...(result?.kind === 'count' ? { counts: result.counts } : {}) })
        return
      case 'startMove':
      case 'cancelMove':
      case 'listMoves':
        this.moves.push({
          ...span,
          act: operation.kind,
          tasks: result !== undefined && 'tasks' in result ? result.tasks : [],
        })
        return
      default:
        this.acts.push({ ...span, act: operation.kind })
    }
  }

  /**
   * The handles that the same attempt has brought before, and that a receive may bring again. One without an answer may have begun
   * their leases anew.
   */
  #repeat(
    span: Span,
    { attemptId, leaseSeconds }: Extract<InvokeEvent['operation'], { kind: 'receive' }>,
  ): Set<string> {
    if (attemptId === undefined) return new Set()
    const key = `${span.queue} ${attemptId}`
    const known = this.#handlesOfAttempts.get(key) ?? new Set<string>()
    this.#handlesOfAttempts.set(key, known)
    if (span.outcome === 'unknown') {
      for (const handle of known) this.changes.push({ ...span, handle, leaseSeconds, ...REPEAT })
    }
    return known
  }
}

const REPEAT = { isAltered: false, isRepeat: true } as const

/** An entry that an acknowledged request says nothing about is unknown. */
function outcomeOf<T>(entry: Entry<T> | undefined, { outcome, code }: Span): Entry<T> {
  if (entry !== undefined) return entry
  return { outcome: outcome === 'fail' ? 'fail' : 'unknown', code: code ?? 'no answer for this entry' }
}

function faultsOf(events: readonly At<FaultEvent>[]): readonly FaultSpan[] {
  return [...new Set(events.map(({ id }) => id))].map((id) => {
    const steps = new Map(events.filter((event) => event.id === id).map((event) => [event.step, event]))
    const first = events.find((event) => event.id === id) as At<FaultEvent>
    const positionOf = (step: FaultEvent['step']) => steps.get(step)?.at ?? Number.POSITIVE_INFINITY
    const timeOf = (step: FaultEvent['step']) => steps.get(step)?.atMs ?? Number.POSITIVE_INFINITY
    return {
      ...{ id, fault: first.fault, beganAt: first.at, beganMs: first.atMs },
      ...(first.stops === undefined ? {} : { stops: first.stops }),
      ...(first.server === undefined ? {} : { server: first.server }),
      ...(first.isOrderly === undefined ? {} : { isOrderly: first.isOrderly }),
      injectedAt: positionOf('injected'),
      injectedMs: timeOf('injected'),
      healingAt: positionOf('healing'),
      endedAt: positionOf('healed'),
      endedMs: timeOf('healed'),
    }
  })
}

/** One is over before the next begins. */
function clockStepsOf(events: readonly ClockEvent[]): readonly ClockStep[] {
  return events.flatMap(({ step, byMs, atMs: fromMs }, i) =>
    step === 'moved' ? [] : [{ byMs, fromMs, toMs: events[i + 1]?.atMs ?? Number.POSITIVE_INFINITY }],
  )
}

function messagesOf(
  { sends, deliveries, deletions, changes }: Requests,
  sendsByValue: ReadonlyMap<string, Send>,
  deliveriesByHandle: ReadonlyMap<string, Delivery>,
): Map<string, Message> {
  const messages = new Map<string, Message>()
  const messageOf = (id: string): Message => {
    const known = messages.get(id)
    if (known !== undefined) return known
    const message: Message = { id, sends: [], deliveries: [], deletions: [], changes: [] }
    messages.set(id, message)
    return message
  }
  for (const send of sends) if (send.messageId !== undefined) messageOf(send.messageId).sends.push(send)
  for (const delivery of deliveries) {
    const message = messageOf(delivery.messageId)
    message.deliveries.push(delivery)
    const send = sendsByValue.get(delivery.value)
    if (send !== undefined && send.messageId === undefined && !message.sends.includes(send)) message.sends.push(send)
  }
  for (const deletion of deletions) {
    const delivery = deliveriesByHandle.get(deletion.handle)
    if (delivery !== undefined) messageOf(delivery.messageId).deletions.push(deletion)
  }
  for (const change of changes) {
    const delivery = deliveriesByHandle.get(change.handle)
    if (delivery !== undefined) messageOf(delivery.messageId).changes.push(change)
  }
  for (const { deliveries } of messages.values()) deliveries.sort((a, b) => a.receiveCount - b.receiveCount)
  return messages
}
