import type { DeadLetterRule, QueueEvent } from '../history/event.ts'
import { arnOf } from './wire/json-wire.ts'

/** A queue of a run, and what clients do to it. */
export interface QueuePlan extends Omit<QueueEvent, 'type' | 'atMs'> {
  /** Names of message groups; of a standard queue, of tenants. */
  readonly groups: readonly string[]
  /** How often it is chosen, against the others. */
  readonly weight: number
  /** Dead letters arrive by themselves. */
  readonly takesSends: boolean
  /** Of the turns that would receive from it, those that do: what is left lives until its retention is over. Absent: all. */
  readonly receiveShare?: number
  /** What was moved here counts for the backlog of that queue. */
  readonly movedFrom?: string
  /** Is purged, deleted and created again now and then. */
  readonly isPurged: boolean
}

const RECEIVE_COUNT_MAX = 3
const RECEIVE_COUNT_NEVER = 1000
/** The shortest retention there is. */
const BRIEF_SECONDS = 60
const GROUPS = ['g1', 'g2', 'g3', 'g4', 'g5', 'g6']

/** The queues of a round. Each dead-letter queue has one source, so that messages can be counted together. */
export function planQueues(prefix: string): readonly QueuePlan[] {
  const rule = (queue: string): DeadLetterRule => ({ queue, receiveCountMax: RECEIVE_COUNT_MAX })
  const standard = { kind: 'standard', groups: [], weight: 3, takesSends: true, isPurged: false } as const
  const fifo = { ...standard, kind: 'fifo', groups: GROUPS, deduplicationScope: 'queue' } as const
  const dead = { weight: 1, takesSends: false }
  return [
    // Targets come first: they have to be there when their sources are created.
    { ...standard, ...dead, queue: `${prefix}-retried-dead` },
    { ...fifo, ...dead, queue: `${prefix}-steps-dead.fifo` },
    { ...standard, queue: `${prefix}-moved-dead`, weight: 1, movesTo: `${prefix}-moved`, receiveShare: 0.3 },
    { ...standard, queue: `${prefix}-plain` },
    { ...standard, queue: `${prefix}-tenants`, groups: GROUPS },
    { ...standard, queue: `${prefix}-retried`, deadLetter: rule(`${prefix}-retried-dead`) },
    {
      ...{ ...standard, ...dead, queue: `${prefix}-moved`, movedFrom: `${prefix}-moved-dead` },
      // It makes the other one a dead-letter queue, and moves nothing there by itself.
      deadLetter: { queue: `${prefix}-moved-dead`, receiveCountMax: RECEIVE_COUNT_NEVER },
    },
    { ...fifo, queue: `${prefix}-orders.fifo`, weight: 4 },
    {
      ...fifo,
      queue: `${prefix}-steps.fifo`,
      deadLetter: rule(`${prefix}-steps-dead.fifo`),
      deduplicationScope: 'messageGroup',
    },
    { ...standard, queue: `${prefix}-purged`, isPurged: true },
    { ...standard, queue: `${prefix}-brief`, weight: 1, retentionSeconds: BRIEF_SECONDS, receiveShare: 0.3 },
  ]
}

/** The attributes of SQS with which a queue is created. */
export function attributesOf({
  kind,
  deadLetter,
  deduplicationScope,
  retentionSeconds,
}: QueuePlan): Readonly<Record<string, string>> {
  return {
    ...(kind === 'fifo' ? { FifoQueue: 'true' } : {}),
    ...(deduplicationScope === undefined ? {} : { DeduplicationScope: deduplicationScope }),
    ...(retentionSeconds === undefined ? {} : { MessageRetentionPeriod: String(retentionSeconds) }),
    ...(deadLetter === undefined
      ? {}
      : {
          RedrivePolicy: JSON.stringify({
            deadLetterTargetArn: arnOf(deadLetter.queue),
            maxReceiveCount: deadLetter.receiveCountMax,
          }),
        }),
  }
}
