/** The way of dead letters out of a queue. */
export interface DeadLetterRoute {
  /** A lane of the dead-letter queue, with its bucket. */
  readonly bucket: number
  readonly lane: number
  readonly receiveCountMax: number
  /** The queue that they leave. */
  readonly queueName: string
}

/** What a claim did besides handing out messages. */
export interface DeadLetterOutcome {
  readonly moved: number
  /** Of these, how many were moved before and not delivered since: queues that are each other's dead-letter queues. */
  readonly movedOn: number
  /** The dead lane is gone: nothing was moved, and the copy of the dead-letter queue is outdated. */
  readonly isTargetGone: boolean
}

/** Where a message that was moved was sent to, and the queue that it came from last. */
export interface MessageOrigin {
  readonly lane: number
  readonly seq: bigint
  readonly queueName: string
}

/** The parameters of a claim about its lanes' dead letters; none when no queue has a dead-letter queue, as nearly always. */
export function bindDeadLetters(items: readonly { readonly deadLetters?: DeadLetterRoute | undefined }[]): unknown[] {
  if (items.every((item) => item.deadLetters === undefined)) return [null, null, null, null]
  return [
    items.map(({ deadLetters }) => deadLetters?.bucket ?? 0),
    items.map(({ deadLetters }) => deadLetters?.lane ?? 0),
    items.map(({ deadLetters }) => deadLetters?.receiveCountMax ?? 0),
    items.map(({ deadLetters }) => deadLetters?.queueName ?? ''),
  ]
}

/** Where the columns about dead letters begin in the answer of every claim. */
const FIRST = 14

/** Reads the columns `moved` and `moved_on` of the row of a lane. */
export function readDeadLetters(row: readonly unknown[]): DeadLetterOutcome | undefined {
  const moved = row[FIRST + 3] as number | null
  if (moved === null) return undefined
  return { moved: Math.max(0, moved), movedOn: row[FIRST + 4] as number, isTargetGone: moved < 0 }
}

/** Reads the columns `origin_lane`, `origin_seq` and `source_queue` of the row of a message. */
export function readOrigin(row: readonly unknown[]): { readonly origin: MessageOrigin } | undefined {
  const queueName = row[FIRST + 2] as string | null
  if (queueName === null) return undefined
  return { origin: { lane: Number(row[FIRST]), seq: BigInt(row[FIRST + 1] as string), queueName } }
}
