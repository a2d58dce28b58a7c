/**
 * What a history consists of: one event a line, as JSON, in the order in which the clients of one process saw them. That order needs no
 * clock: what is acknowledged on an earlier line was acknowledged before what a later line invokes. `atMs` is the monotonic clock
 * of that process, in milliseconds since the history began; only checkers of times look at it.
 */
export type HistoryEvent =
  | QueueEvent
  | InvokeEvent
  | OkEvent
  | FailEvent
  | UnknownEvent
  | FaultEvent
  | ClockEvent
  | PhaseEvent
  | RestEvent

export type Protocol = 'json' | 'query' | 'rest'

interface At {
  readonly atMs: number
}

/** A queue takes part from here on. */
export interface QueueEvent extends At {
  readonly type: 'queue'
  readonly queue: string
  readonly kind: 'standard' | 'fifo'
  readonly deadLetter?: DeadLetterRule
  /** Where a deduplication id is taken; of FIFO queues. */
  readonly deduplicationScope?: 'queue' | 'messageGroup'
  /** How long it keeps messages; absent when longer than any history. */
  readonly retentionSeconds?: number
  /** Where move tasks take its messages. */
  readonly movesTo?: string
}

export interface DeadLetterRule {
  readonly queue: string
  /** So often a message is delivered at most; the next claim moves it. */
  readonly receiveCountMax: number
}

/** A client is about to send a request. */
export interface InvokeEvent extends At {
  readonly type: 'invoke'
  /** Unique in the history; the outcome carries the same. */
  readonly id: number
  readonly client: string
  /** Which server was asked. */
  readonly server: string
  readonly protocol: Protocol
  readonly operation: Operation
}

export type Operation =
  | { readonly kind: 'send'; readonly queue: string; readonly messages: readonly OutgoingEntry[] }
  | {
      readonly kind: 'receive'
      readonly queue: string
      readonly max: number
      readonly waitSeconds: number
      readonly leaseSeconds: number
      /** The client goes away then, whatever it was told by then. */
      readonly leaveAfterMs?: number
      /** Of a FIFO queue: made again with the same one, the receive brings the same. */
      readonly attemptId?: string
    }
  | { readonly kind: 'delete'; readonly queue: string; readonly handles: readonly string[]; readonly altered?: true }
  | {
      readonly kind: 'change'
      readonly queue: string
      readonly changes: readonly LeaseChange[]
      readonly altered?: true
    }
  | { readonly kind: 'startMove'; readonly queue: string; readonly destination: string; readonly perSecondMax: number }
  | { readonly kind: 'cancelMove'; readonly queue: string; readonly task: string }
  | { readonly kind: 'listMoves'; readonly queue: string }
  | { readonly kind: 'count' | 'purge' | 'createQueue' | 'deleteQueue'; readonly queue: string }

/** A message as a client is about to send it. */
export interface OutgoingEntry {
  /** Unique in the history. The body begins with it. */
  readonly value: string
  /** Of the body, in hex. */
  readonly md5: string
  /** Of the attributes, by the rule of SQS; absent without any. */
  readonly attributesMd5?: string
  readonly group?: string
  readonly deduplicationId?: string
  readonly delaySeconds?: number
}

export interface LeaseChange {
  readonly handle: string
  /** From now on; 0 gives the message back. */
  readonly leaseSeconds: number
}

/** A complete answer in the 2xx reached the client. */
export interface OkEvent extends At {
  readonly type: 'ok'
  readonly id: number
  readonly result: Result
}

export type Result =
  | { readonly kind: 'send'; readonly entries: readonly Entry<SentEntry>[] }
  | { readonly kind: 'receive'; readonly messages: readonly ReceivedEntry[] }
  | { readonly kind: 'delete' | 'change'; readonly entries: readonly Entry<object>[] }
  | { readonly kind: 'count'; readonly counts: Counts }
  | { readonly kind: 'startMove' | 'cancelMove' | 'listMoves'; readonly tasks: readonly MoveTask[] }
  | { readonly kind: 'purge' | 'createQueue' | 'deleteQueue' }

/** What became of an entry of a batch. A request of one has one entry. */
export type Entry<T> =
  | ({ readonly outcome: 'ok' } & T)
  | { readonly outcome: 'fail' | 'unknown'; readonly code: string }

/** What a server says of a message that it has stored. */
export interface SentEntry {
  readonly messageId: string
  readonly sequenceNumber?: string
  /** As the server computed them, where the protocol tells. */
  readonly saidMd5?: string
  readonly saidAttributesMd5?: string
}

/** A message as a client received it. */
export interface ReceivedEntry {
  readonly messageId: string
  readonly handle: string
  /** What the body begins with; whatever stands there when it is none that was sent. */
  readonly value: string
  /** Of the body that arrived, computed by the client. */
  readonly md5: string
  readonly attributesMd5?: string
  readonly saidMd5?: string
  readonly saidAttributesMd5?: string
  readonly receiveCount: number
  readonly group?: string
  readonly sequenceNumber?: string
}

/** What a server says of the messages of a queue. */
export interface Counts {
  readonly visible: number
  readonly inFlight: number
  readonly delayed: number
}

/** A task that moves the messages of a queue. */
export interface MoveTask {
  readonly id: string
  readonly status: 'running' | 'completed' | 'cancelled' | 'failed'
  /** How many messages it has moved. */
  readonly moved: number
}

/** The request was refused in the 4xx, or never left the client: it certainly has no effect. */
export interface FailEvent extends At {
  readonly type: 'fail'
  readonly id: number
  readonly code: string
}

/** The code of a request whose client did not wait for the answer: it closed the connection, and nothing was wrong. */
export const LEFT = 'left'

/** Anything else: it may have happened, or not, or may yet. */
export interface UnknownEvent extends At {
  readonly type: 'unknown'
  readonly id: number
  readonly code: string
}

/** A fault is done to the system and undone. A step that ends in `…ing` is begun there and over at its counterpart. */
export interface FaultEvent extends At {
  readonly type: 'fault'
  /** Unique among the faults of the history. */
  readonly id: number
  readonly fault: string
  readonly step: 'injecting' | 'injected' | 'healing' | 'healed'
  /** What cannot be reached by anybody between `injected` and `healing`. */
  readonly stops?: 'database'
  /** The server that is hit, if one is. */
  readonly server?: string
  /** It is told to stop, and ends by itself: `injected` is when it has. */
  readonly isOrderly?: true
}

/** The clock of the database is stepped. Between the two lines of a step it shows one time or the other. */
export interface ClockEvent extends At {
  readonly type: 'clock'
  readonly step: 'moving' | 'moved'
  /** How far it goes; below 0 it goes back. */
  readonly byMs: number
}

/**
 * What a process holds when all queues are empty and no client is connected, at the end of a round; earlier rounds of the same processes are
 * told again.
 */
export type RestEvent = At & { readonly round: number } & (
    | ({ readonly type: 'server' } & ServerSample)
    | ({ readonly type: 'database' } & DatabaseSample)
  )

/** Of a server process. */
export interface ServerSample {
  readonly server: string
  readonly pid: number
  readonly residentBytes: number
  readonly sockets: number
  /** All open descriptors, sockets among them. */
  readonly files: number
}

/** Of the database. */
export interface DatabaseSample {
  readonly bytes: number
  /** The ten largest, with indexes. */
  readonly tables: Readonly<Record<string, number>>
  /** Row versions that wait to be cleaned away, by the estimate of Postgres. */
  readonly deadRows: number
  /** How many transaction ids ago the oldest one stands that is not frozen. */
  readonly frozenXidAge: number
  readonly oldestTransactionSeconds: number
  /** Sessions of anybody but the one who looks. */
  readonly connections: number
}

/**
 * `rest`: all faults are healed, every client has ended its requests, counts are taken. `drain`: consumers take everything out.
 * `end`: nothing is left, when `isClean`.
 */
export type PhaseEvent = At &
  (
    | { readonly type: 'phase'; readonly phase: 'rest' | 'drain' }
    | { readonly type: 'phase'; readonly phase: 'end'; readonly isClean: boolean }
  )
