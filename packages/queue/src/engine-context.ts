import type { Database } from './database/database.ts'
import { QueueError } from './errors.ts'
import type { FairClaimItem, FairClaimOutcome } from './fair/fair-claim-statement.ts'
import type { FairSendItem, FairSendOutcome } from './fair/fair-send-statement.ts'
import type { FifoClaimItem } from './fifo/fifo-claim-statement.ts'
import type { FifoSendItem, FifoSendOutcome } from './fifo/fifo-send-statement.ts'
import type { FifoSettleItem, FifoSettleOutcome } from './fifo/fifo-settle-statement.ts'
import type { ChangeVisibilityItem, ChangeVisibilityState } from './messages/change-visibility-statement.ts'
import type { ClaimItem, ClaimOutcome } from './messages/claim-statement.ts'
import type { DeleteItem, DeleteOutcome } from './messages/delete-statement.ts'
import type { InFlightGate } from './messages/in-flight-gate.ts'
import type { Pipe } from './messages/pipe.ts'
import type { ReceiptHandles } from './messages/receipt-handle.ts'
import type { SendItem, SendOutcome } from './messages/send-statement.ts'
import type { LiveQueue } from './queues/live-queue.ts'
import type { QueueCatalogue } from './queues/queue-catalogue.ts'
import type { ActivityReporter } from './statistics/activity-reporter.ts'
import type { Statistics } from './statistics/statistics.ts'
import type { EngineLogger, EngineObserver, QueueKey, WakeCause } from './types.ts'
import type { WaitRooms } from './waiting/wait-rooms.ts'

/** What the operations of an engine share. */
export interface EngineContext {
  readonly database: Database
  readonly catalogue: QueueCatalogue
  readonly handles: ReceiptHandles
  readonly rooms: WaitRooms
  /** Absent: any number of messages may be in flight. */
  readonly gate: InFlightGate | undefined
  readonly observer: EngineObserver
  readonly logger: EngineLogger
  readonly pipes: {
    readonly send: Pipe<SendItem, SendOutcome>
    readonly claim: Pipe<ClaimItem, ClaimOutcome>
    readonly delete: Pipe<DeleteItem, DeleteOutcome>
    readonly changeVisibility: Pipe<ChangeVisibilityItem, ChangeVisibilityState[]>
    readonly fairSend: Pipe<FairSendItem, FairSendOutcome>
    readonly fairClaim: Pipe<FairClaimItem, FairClaimOutcome>
    readonly fifoSend: Pipe<FifoSendItem, FifoSendOutcome>
    readonly fifoClaim: Pipe<FifoClaimItem, ClaimOutcome>
    readonly fifoDelete: Pipe<FifoSettleItem, FifoSettleOutcome>
    readonly fifoChangeVisibility: Pipe<FifoSettleItem, FifoSettleOutcome>
  }
  readonly statistics: Statistics
  readonly reporter: ActivityReporter
  /**
   * Something becomes deliverable in `delayMs` (0: now): tells the waiting room here and the other nodes. `tick`: the tick that
   * stored it.
   */
  announce(queueId: number, delayMs: number, cause: WakeCause, tick?: number): void
}

/** Returned by an operation whose copy of the queue turned out to be outdated; nothing was done. */
export const STALE = Symbol('stale')

const ATTEMPTS_MAX = 5

/**
 * Runs an operation with this node's copy of a queue, and again with a fresh one for as long as the database says that
 * the copy is outdated. So a copy makes the common case cheap and can never be wrong. `isFresh` says that the copy was
 * read during this call.
 * @throws QueueError `queueNotFound`, and whatever the operation throws
 */
export async function withQueue<T>(
  context: EngineContext,
  key: QueueKey,
  operation: (live: LiveQueue, isFresh: boolean) => Promise<T | typeof STALE>,
): Promise<T> {
  const copy = context.catalogue.copy(key)
  let live = copy ?? (await context.catalogue.reload(key))
  let isFresh = copy === undefined
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const result = await operation(live, isFresh)
    if (result !== STALE) return result
    live = await context.catalogue.reload(key)
    isFresh = true
  }
  throw new QueueError('unavailable', 'The queue is being changed all the time; nothing was done.')
}
