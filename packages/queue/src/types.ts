import type { QueueError, QueueErrorCode } from './errors.ts'

/** A queue as a caller names it. */
export interface QueueKey {
  /** Twelve digits. */
  readonly accountId: string
  readonly name: string
}

/** What can be set on a queue. Units stand in the names. */
export interface QueueSettings {
  readonly visibilityTimeoutSeconds: number
  readonly delaySeconds: number
  readonly retentionSeconds: number
  readonly receiveWaitSeconds: number
  readonly messageBytesMax: number
}

/** What can be set on a FIFO queue besides. */
export interface FifoSettings {
  /** A message without a deduplication id gets the SHA-256 of its body as one. */
  readonly contentBasedDeduplication: boolean
  /** Where a deduplication id is taken: in the whole queue, or in each message group by itself. */
  readonly deduplicationScope: 'queue' | 'messageGroup'
  /** Kept and shown; the engine limits no queue. */
  readonly throughputLimit: 'perQueue' | 'perMessageGroupId'
}

/** Where messages go that were received in vain. */
export interface DeadLetterSettings {
  /** A queue of the same account and kind. It may be gone: then nothing is moved until it is created again. */
  readonly queueName: string
  /** A message is delivered this often at most, 1 to 1,000; the next receive moves it. */
  readonly receiveCountMax: number
}

/** Which queues may name a queue as their dead-letter queue: all, none, or up to ten of these names. */
export type DeadLetterSources = 'all' | 'none' | readonly string[]

/** A number of consumers for a range of outstanding messages. */
export interface ScalingStep {
  /** The step is entered at this many outstanding messages. */
  readonly fromMessages: number
  /** It is left for the one before below this many. Absent: below `fromMessages`. */
  readonly backBelowMessages?: number
  readonly consumers: number
}

/** How many consumers a queue asks for: by steps, or by the time in which its messages should be done. */
export interface ScalingPolicy {
  /** In ascending order, the first from 0 messages. */
  readonly steps?: readonly ScalingStep[]
  /** As many consumers as complete everything outstanding in this time, and what arrives meanwhile. */
  readonly targetDrainSeconds?: number
  /** What one consumer completes, for `targetDrainSeconds`. Absent: it is measured. */
  readonly consumerCompletionsPerSecond?: number
  /** Absent: those of the first step, or 1. */
  readonly consumersMin?: number
  /** Absent: those of the last step, or 10. */
  readonly consumersMax?: number
  /** A smaller number holds so long after the last change at the earliest. Absent: 0 with steps, else 60. */
  readonly scaleInCooldownSeconds?: number
  /** The same for a larger number. Absent: 0. */
  readonly scaleOutCooldownSeconds?: number
}

/** How much work a queue holds, and how many consumers that asks for. */
export interface QueueScaling {
  readonly queue: QueueKey
  /** Visible and in flight; delayed messages ask for nobody yet. */
  readonly outstandingMessages: number
  readonly oldestMessageAgeSeconds: number | null
  readonly arrivalsPerSecond: number
  readonly completionsPerSecond: number
  /** How long until nothing is outstanding at these rates; `null`: never. */
  readonly drainSeconds: number | null
  readonly desiredConsumers: number
}

/** The same for one queue, with what it was decided by. */
export interface QueueScalingDecision extends QueueScaling {
  /** A sentence for people. */
  readonly reason: string
  /** The queue's own or the default, with every value that holds. */
  readonly policy: ScalingPolicy
}

/** A queue as it is stored. */
export interface Queue extends QueueKey {
  /** Unique for ever: a queue of the same name that is created later has another id. */
  readonly id: number
  /** `undefined`: a standard queue. The kind of a queue never changes. */
  readonly fifo: FifoSettings | undefined
  readonly settings: QueueSettings
  /** `undefined`: nothing is moved, however often it was received. */
  readonly deadLetter: DeadLetterSettings | undefined
  /** Asked when another queue is given this one as its dead-letter queue; what is there already stays. */
  readonly deadLetterSources: DeadLetterSources
  /** `undefined`: the default policy holds. */
  readonly scaling: ScalingPolicy | undefined
  readonly tags: Readonly<Record<string, string>>
  /** Texts that a front door keeps with the queue and the engine does not read. */
  readonly annotations: Readonly<Record<string, string>>
  readonly createdAt: Date
  readonly modifiedAt: Date
}

/** Input of `createQueue`. Absent settings take their defaults. */
export interface NewQueue extends QueueKey {
  /** Makes it a FIFO queue, whose name ends in `.fifo`. Absent settings take their defaults. */
  readonly fifo?: Partial<FifoSettings>
  readonly settings?: Partial<QueueSettings>
  /** `null`: none, which is compared when the queue exists. */
  readonly deadLetter?: DeadLetterSettings | null
  readonly deadLetterSources?: DeadLetterSources
  readonly scaling?: ScalingPolicy
  readonly tags?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

/** Input of `updateQueue`. Absent fields stay; an annotation of `null` is removed; `tags` replaces all tags. */
export interface QueueChange {
  /** For FIFO queues only. */
  readonly fifo?: Partial<FifoSettings>
  readonly settings?: Partial<QueueSettings>
  /** `null`: from now on nothing is moved. */
  readonly deadLetter?: DeadLetterSettings | null
  readonly deadLetterSources?: DeadLetterSources
  /** The whole policy. `null`: from now on the default one holds. */
  readonly scaling?: ScalingPolicy | null
  readonly tags?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string | null>>
}

/** Exact numbers of messages by state, and the age of the oldest one that is still stored. */
export interface QueueCounts {
  readonly visible: number
  readonly inFlight: number
  readonly delayed: number
  /** Seconds since the oldest stored message was sent; `null` when the queue is empty. */
  readonly oldestMessageAgeSeconds: number | null
}

/** What was done to a queue since it was created, by all nodes; a node that is killed takes its last five seconds with it. */
export interface QueueTotals {
  readonly sent: number
  /** Deliveries; a message that comes again counts again. */
  readonly received: number
  /** Deleted for a client. */
  readonly deleted: number
  /** Removed because they outlived the retention of the queue. */
  readonly expired: number
  /** Moved to its dead-letter queue. */
  readonly deadLettered: number
  /** Moved out of it by move tasks. */
  readonly moved: number
  readonly emptyReceives: number
  /** Deliveries of messages that had been delivered before. */
  readonly redelivered: number
  /** Leases that were given back. */
  readonly released: number
  /** Leases that ended by themselves, noticed when their message is handed out again or goes to the dead letters. */
  readonly leasesExpired: number
  /** Sends that a FIFO queue recognised as repetitions. */
  readonly duplicatesRefused: number
}

/** How fast a queue is, about the last minute. */
export interface QueueRates {
  readonly sentPerSecond: number
  readonly receivedPerSecond: number
  readonly deletedPerSecond: number
  readonly expiredPerSecond: number
  readonly deadLetteredPerSecond: number
}

/** The numbers of a queue that are kept, not counted: a few seconds old, the same on every node. */
export interface QueueStatistics {
  readonly queue: QueueKey
  readonly kind: 'standard' | 'fifo'
  readonly counts: QueueCounts
  /** When the counts were true; `undefined`: the queue is too new to have been measured. */
  readonly measuredAt: Date | undefined
  readonly totals: QueueTotals
  readonly rates: QueueRates
  /** Visible messages, one number a minute for up to half an hour, the oldest first; from this node's memory. */
  readonly recentVisible: readonly number[]
  readonly retentionSeconds: number
  /** The name of its dead-letter queue. */
  readonly deadLetterQueue: string | undefined
  /** Names of the queues whose dead-letter queue it is. */
  readonly deadLetterSources: readonly string[]
  readonly tags: Readonly<Record<string, string>>
}

/** The recent past of a queue, from this node's memory. */
export interface QueueHistoryView {
  readonly stepSeconds: number
  /** The oldest first. */
  readonly samples: readonly {
    /** The beginning of the step. */
    readonly at: Date
    readonly counts: QueueCounts
    readonly rates: QueueRates
  }[]
}

/** One attribute that travels with a message. `value` is text; for `binary` it is base64. */
export interface MessageAttribute {
  readonly type: 'string' | 'number' | 'binary'
  /** A free suffix of the type, without the dot (the `int` of `Number.int`). */
  readonly label?: string
  readonly value: string
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>

/** A message to be sent. */
export interface NewMessage {
  readonly body: string
  /**
   * 1 to 128 visible ASCII characters. On FIFO queues it is required, and messages of one group keep their order. On standard
   * queues it names a tenant: who sends little is served first, whatever others have stored.
   */
  readonly groupId?: string
  /** On FIFO queues alone: what makes a message the same as an earlier one for five minutes. As a group id is written. */
  readonly deduplicationId?: string
  /** Absent: the queue's own delay. */
  readonly delaySeconds?: number
  readonly attributes?: MessageAttributes
  /** An opaque tracing header that travels with the message and does not count into its size. */
  readonly traceHeader?: string
}

/** How a send of several messages is done. */
export interface SendOptions {
  /**
   * When a message is refused with one of these errors, none is stored and the call rejects with the error of the first such
   * message. Absent: each message stands alone.
   */
  readonly refuseAllOn?: readonly QueueErrorCode[]
}

/** What became of one message of a send. */
export type SendResult =
  | {
      readonly ok: true
      readonly messageId: string
      /** On FIFO queues: the message's place in the queue, 20 digits. */
      readonly sequenceNumber?: string
      /** On FIFO queues: nothing was stored, and the answer is that of the first message with this deduplication id. */
      readonly isDuplicate?: boolean
    }
  | { readonly ok: false; readonly error: QueueError }

/** What became of one handle of a delete or a change of visibility: `null` when it worked. */
export type HandleResult = QueueError | null

/** A message as a receiver gets it. */
export interface ReceivedMessage {
  readonly messageId: string
  readonly receiptHandle: string
  readonly body: string
  readonly attributes: MessageAttributes
  readonly traceHeader: string | undefined
  /** On standard queues, when it was sent with one. */
  readonly groupId: string | undefined
  /** On FIFO queues. */
  readonly fifo:
    | { readonly groupId: string; readonly deduplicationId: string; readonly sequenceNumber: string }
    | undefined
  /** Deliveries so far, this one included. */
  readonly receiveCount: number
  /** The name of the queue that it was a dead letter of, when it was moved here. */
  readonly deadLetterSource: string | undefined
  /** Epoch milliseconds of the database clock. */
  readonly sentAtMs: number
  readonly firstReceivedAtMs: number
}

/** How a message stands in its queue. */
export type PeekState = 'ready' | 'leased' | 'delayed'

/** Input of `peekMessages`. */
export interface PeekRequest {
  readonly state: PeekState
  /** 1 to 100. */
  readonly limit: number
  /** The `next` of the page before. */
  readonly cursor?: string
}

/** A message as one sees it who only looks. */
export interface PeekedMessage {
  readonly messageId: string
  readonly state: PeekState
  /** Lists show the first 4,096 characters. */
  readonly body: string
  readonly bodyBytes: number
  readonly isBodyCut: boolean
  readonly attributes: MessageAttributes
  readonly traceHeader: string | undefined
  readonly groupId: string | undefined
  /** On FIFO queues. */
  readonly fifo: { readonly deduplicationId: string; readonly sequenceNumber: string } | undefined
  /** Deliveries so far. */
  readonly receiveCount: number
  /** Epoch milliseconds of the database clock. */
  readonly sentAtMs: number
  readonly firstReceivedAt: Date | undefined
  /** When a leased or delayed message can be received. */
  readonly visibleAt: Date | undefined
  /** The name of the queue that it was a dead letter of, when it was moved here. */
  readonly deadLetterSource: string | undefined
}

/** Input of `receiveMessages`. */
export interface ReceiveRequest {
  /** 1 or more. */
  readonly maxMessages: number
  /** Absent: the queue's own. */
  readonly visibilityTimeoutSeconds?: number
  /** How long to wait for a first message. Absent: the queue's own `receiveWaitSeconds`. */
  readonly waitSeconds?: number
  /**
   * On FIFO queues alone, 1 to 128 visible ASCII characters: a receive with the same id within five minutes answers
   * the same deliveries again, with a new timeout, while none of them was deleted, changed or ended; else it is one of its own.
   */
  readonly attemptId?: string
  /**
   * Aborted when the caller is gone: waiting ends, and whatever was claimed for it is released; with an attempt id it stays
   * leased, for the repetition.
   */
  readonly signal?: CallerSignal
}

/** What a receive needs of an `AbortSignal`, which is one of these. */
export interface CallerSignal {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
}

/** A new visibility timeout for one delivery, counted from now; 0 releases the message. */
export interface VisibilityChange {
  readonly receiptHandle: string
  readonly visibilityTimeoutSeconds: number
}

/** Input of `listQueues`. Names are compared byte by byte and listed in that order. */
export interface ListQueuesRequest {
  readonly accountId: string
  readonly namePrefix?: string
  /** Only names greater than this one. */
  readonly after?: string
  /** 1 to 1,000. */
  readonly limit: number
}

/** Input of `listDeadLetterSources`. Names are listed as by `listQueues`. */
export interface ListDeadLetterSourcesRequest {
  /** Only names greater than this one. */
  readonly after?: string
  /** 1 to 1,000. */
  readonly limit: number
}

/** What a move task is to do. */
export interface NewMoveTask {
  /** The queue of the same account and kind that gets everything. Absent: each message goes to the queue it came from. */
  readonly destination?: string
  /** Messages a second at most, 1 to 500. Absent: as many as go. */
  readonly messagesPerSecondMax?: number
}

export type MoveTaskStatus = 'running' | 'completed' | 'cancelled' | 'failed'

/** Why a task failed: where a message should go is gone, or not known; or the task ran for 36 hours. */
export type MoveTaskFailure = 'destinationNotFound' | 'sourceUnknown' | 'timedOut'

/** A task that moves the messages of a dead-letter queue back, or elsewhere. */
export interface MoveTask {
  readonly id: string
  /** The queue whose messages it moves. */
  readonly source: string
  readonly destination: string | undefined
  readonly messagesPerSecondMax: number | undefined
  readonly status: MoveTaskStatus
  /** On failed tasks. */
  readonly failure: MoveTaskFailure | undefined
  readonly messagesMoved: number
  /** Messages that were visible in the source when the task started. */
  readonly messagesToMove: number
  readonly startedAt: Date
  readonly endedAt: Date | undefined
}

/** What woke the waiting receives of a queue. */
export type WakeCause = 'send' | 'release' | 'due' | 'notice' | 'tick' | 'arrival' | 'deleted' | 'deadLetter'

/** The statements that the engine batches. */
export type BatchedOperation = 'send' | 'claim' | 'delete' | 'changeVisibility'

/** What the engine tells whoever measures it. Every method is called synchronously and must not throw. */
export interface EngineObserver {
  messagesSent?(queue: QueueKey, count: number): void
  messagesReceived?(queue: QueueKey, count: number): void
  messagesDeleted?(queue: QueueKey, count: number): void
  emptyReceive?(queue: QueueKey): void
  /** A move task took so many messages out of the queue and sent them to others. */
  messagesMoved?(queue: QueueKey, count: number): void
  /** Of the messages received, those that had been delivered before. */
  messagesRedelivered?(queue: QueueKey, count: number): void
  /** Leases were given back before their time. */
  messagesReleased?(queue: QueueKey, count: number): void
  /** A FIFO queue recognised so many sends as repetitions and stored nothing for them. */
  duplicatesRefused?(queue: QueueKey, count: number): void
  /** A message was delivered for the first time, so long after it was sent. */
  messageDwelled?(queue: QueueKey, seconds: number): void
  /** Messages left this queue for its dead-letter queue. */
  messagesDeadLettered?(queue: QueueKey, count: number): void
  /** A statement ran: how many entries it carried, how long it took. */
  batchExecuted?(operation: BatchedOperation, entries: number, seconds: number): void
  /** A statement was refused because of one of its rows and was split in two. */
  batchSplit?(operation: BatchedOperation): void
  wakeUp?(cause: WakeCause): void
  /** A receive that waited got messages, so long after the wake-up that led to them. */
  wokenReceive?(cause: WakeCause, seconds: number): void
  /** A background duty finished a round; `error` is there when it failed. */
  serviceRound?(service: string, seconds: number, error?: unknown): void
}

/** The log of the engine; a pino logger fits. */
export interface EngineLogger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Numbers about this node, read whenever metrics are collected. */
export interface EngineSnapshot {
  readonly waiters: number
  readonly poolTotal: number
  readonly poolIdle: number
  readonly poolWaiting: number
  /** Entries that wait in this node to join a statement. */
  readonly entriesWaiting: number
  readonly databaseReachable: boolean
}

/** How the rounds of a background duty went in this node. */
export interface DutyHealth {
  readonly name: string
  /** How long it rests between two rounds. */
  readonly intervalSeconds: number
  /** `undefined`: it has not done a round yet. */
  readonly succeededSecondsAgo: number | undefined
  /** Rounds that failed since the last one that did not. */
  readonly failuresInARow: number
  /** Why the last of them failed. */
  readonly lastError: string | undefined
}

/** What was done to a queue lately, on all nodes. */
export interface RecentActivity {
  readonly queue: QueueKey
  readonly received: number
  readonly expired: number
  readonly deadLettered: number
  readonly leasesExpired: number
}

/** What a node knows about how well it does. */
export interface EngineHealth {
  /** How far the database clock has jumped ahead without anybody confirming it (G11). */
  readonly clockJumpSeconds: number
  readonly duties: readonly DutyHealth[]
  readonly activity: {
    /** How far back it goes: a quarter of an hour at most, and no further than this node has watched. */
    readonly seconds: number
    /** Queues that are not named did nothing. */
    readonly queues: readonly RecentActivity[]
  }
}

/** What Postgres' own statistics say about the database and the tables of the engine; rows are its estimates. */
export interface DatabaseStatistics {
  readonly sizeBytes: number
  readonly logSegments: number
  /** How long the oldest transaction that holds a snapshot or wrote something has been open; 0 when there is none. */
  readonly oldestSnapshotAgeSeconds: number
  /** Sessions of other roles, about which this role may not know whether they hold a snapshot. */
  readonly hiddenSessions: number
  /** By table, segments of the log as one; empty when Postgres counts no rows (`track_counts` is off). */
  readonly tables: readonly { readonly table: string; readonly liveRows: number; readonly deadRows: number }[]
}

/** What a service may want to refuse although the engine could do it. */
export interface Ceilings {
  /** How long the name of a deleted queue rests. */
  readonly recreateAfterSeconds: number
  /** How far apart two purges of a queue are. */
  readonly purgeEverySeconds: number
  /** How many messages of one queue may be in flight, about. */
  readonly inFlightMax: number
  /** Also how long one delivery may stay invisible, extensions included, counted from its receive. */
  readonly visibilityTimeoutSecondsMax: number
  readonly delaySecondsMax: number
  readonly retentionSecondsMax: number
}

/** How an engine is built. */
export interface EngineOptions {
  /** A Postgres connection URL (unix sockets: `postgres://user@/db?host=/path`). */
  readonly databaseUrl: string
  /** A direct connection for LISTEN, when `databaseUrl` goes through a transaction pooler. Default: `databaseUrl`. */
  readonly listenDatabaseUrl?: string
  /** `transaction`: no session settings, no named statements, for PgBouncer and its like. Default: `none`. */
  readonly pooler?: 'none' | 'transaction'
  /** Connections of the hot path. Default 16. */
  readonly poolSizeMax?: number
  /** Work that has not started in the database this long after its arrival never takes effect (G24). Default 10,000. */
  readonly requestDeadlineMs?: number
  /** How often this node brings the kept numbers of queues up to date. Default 5,000. */
  readonly statisticsIntervalMs?: number
  /** Lanes of a new queue: more of them let several nodes send into one queue side by side. Default 1. */
  readonly lanesPerQueue?: number
  /** Ceilings that the engine itself does not need. Absent: there are none. */
  readonly ceilings?: Ceilings
  /** Start on a database whose settings void the promises (G33). Default false. */
  readonly allowUnsafeDatabase?: boolean
  readonly logger?: EngineLogger
  readonly observer?: EngineObserver
}

/**
 * The queue engine. Every method rejects with {@link QueueError}; batch methods answer per entry and reject only when
 * the request as a whole is wrong or nothing is known of its outcome.
 */
export interface Engine {
  /** Idempotent: the same name with equal values for every setting given answers the existing queue (`created: false`). */
  createQueue(input: NewQueue): Promise<{ queue: Queue; created: boolean }>
  getQueue(key: QueueKey): Promise<Queue>
  /** What this node read about a queue, no longer ago than this; `undefined` when it has to ask the database. */
  knownQueue(key: QueueKey, ageMsMax: number): Queue | undefined
  /** `next` is the name to pass as `after` when more remain. */
  listQueues(request: ListQueuesRequest): Promise<{ queues: Queue[]; next: string | undefined }>
  /** A function makes the change from the queue as it is, while nobody else can change it; what it throws changes nothing. */
  updateQueue(key: QueueKey, change: QueueChange | ((queue: Queue) => QueueChange)): Promise<Queue>
  /** The queues that name this one as their dead-letter queue; as `listQueues`. */
  listDeadLetterSources(
    key: QueueKey,
    request: ListDeadLetterSourcesRequest,
  ): Promise<{ queues: Queue[]; next: string | undefined }>
  /** Adds or overwrites tags. */
  tagQueue(key: QueueKey, tags: Readonly<Record<string, string>>): Promise<Queue>
  /** Removes tags; absent keys are no error. */
  untagQueue(key: QueueKey, keys: readonly string[]): Promise<Queue>
  deleteQueue(key: QueueKey): Promise<void>
  /** Removes every message, delayed and leased ones too. */
  purgeQueue(key: QueueKey): Promise<void>
  /** Starts to move what is visible in a dead-letter queue; one task a queue at a time. The nodes do it in the background. */
  startMoveTask(key: QueueKey, task: NewMoveTask): Promise<MoveTask>
  /** The newest tasks of a queue, the newest first. @param limit 1 to 10 */
  listMoveTasks(key: QueueKey, limit: number): Promise<MoveTask[]>
  getMoveTask(key: QueueKey, taskId: string): Promise<MoveTask>
  /** Ends a running task; what it has moved stays moved, and nothing moves after the answer. */
  cancelMoveTask(key: QueueKey, taskId: string): Promise<MoveTask>
  countMessages(key: QueueKey): Promise<QueueCounts>
  /** How many consumers a queue asks for by exact counts; asking makes the decision of this moment, for all nodes. */
  getScaling(key: QueueKey): Promise<QueueScalingDecision>
  /** The same of queues by their kept numbers, in their order, and by the last decisions, for metrics; decides nothing. */
  queueScaling(statistics: readonly QueueStatistics[]): Promise<QueueScaling[]>
  /** The kept numbers of every queue, ordered by account and name. Reads no message. */
  queueStatistics(): Promise<QueueStatistics[]>
  /** The same for one page of an account's queues; `next` is the name to pass as `after` when more remain. */
  listQueueStatistics(request: ListQueuesRequest): Promise<{ queues: QueueStatistics[]; next: string | undefined }>
  /** The same for one queue. */
  statisticsOf(key: QueueKey): Promise<QueueStatistics>
  /** How fast a queue is; all zero when this node does not know it yet. */
  queueRates(key: QueueKey): QueueRates
  /** Its last seconds, 10 to 10,740, in steps of ten seconds for up to 900 and of a minute for more. */
  queueHistory(key: QueueKey, rangeSeconds: number): Promise<QueueHistoryView>
  /** The counts of every queue, counted now. */
  countAllMessages(): Promise<{ queue: QueueKey; counts: QueueCounts }[]>
  /** Results stand in the order of the messages. */
  sendMessages(key: QueueKey, messages: readonly NewMessage[], options?: SendOptions): Promise<SendResult[]>
  receiveMessages(key: QueueKey, request: ReceiveRequest): Promise<ReceivedMessage[]>
  /** Looks at messages in one state and changes nothing; a page can be short although `next` says that there is more. */
  peekMessages(key: QueueKey, request: PeekRequest): Promise<{ messages: PeekedMessage[]; next: string | undefined }>
  /** Looks at one message and changes nothing. Rejects with `messageNotFound` when the queue has it no longer. */
  peekMessage(key: QueueKey, messageId: string): Promise<PeekedMessage>
  /** A handle whose message is already gone or was delivered again is a success without effect. */
  deleteMessages(key: QueueKey, receiptHandles: readonly string[]): Promise<HandleResult[]>
  changeVisibility(key: QueueKey, changes: readonly VisibilityChange[]): Promise<HandleResult[]>
  /** Answers when the database answers; rejects with `unavailable` otherwise. */
  ping(): Promise<void>
  /** @throws QueueError `unavailable` */
  databaseStatistics(): Promise<DatabaseStatistics>
  snapshot(): EngineSnapshot
  /** Asks nobody: what this node has noticed. */
  health(): EngineHealth
  /** Answers every waiting receive now and lets later ones answer without waiting: the first step of a stop. */
  drain(): void
  /** Finishes what is under way, stops the background duties and closes all connections. Twice is fine. */
  close(): Promise<void>
}
