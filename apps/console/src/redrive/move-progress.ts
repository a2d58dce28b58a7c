/** What a progress bar needs to know about a move task. */
export interface MoveCounts {
  readonly status: 'running' | 'completed' | 'cancelled' | 'failed'
  readonly messagesMoved: number
  readonly messagesToMove: number
  readonly startedAt: string
  readonly endedAt?: string | undefined
}

export interface MoveProgress {
  /** From 0 to 1. A running task is never quite 1. */
  readonly fraction: number
  /** Over the whole time of the task; `undefined` while there is nothing to say. */
  readonly messagesPerSecond: number | undefined
  /** How long a running task still takes at that rate. */
  readonly secondsLeft: number | undefined
}

/** How far a move task is. @param nowMs the time by the clock of the page */
export function moveProgress(task: MoveCounts, nowMs: number): MoveProgress {
  const { status, messagesMoved, messagesToMove } = task
  const isRunning = status === 'running'
  const share = messagesToMove === 0 ? 1 : Math.min(1, messagesMoved / messagesToMove)
  const fraction = isRunning ? Math.min(0.99, share) : share
  const endMs = task.endedAt === undefined ? nowMs : Date.parse(task.endedAt)
  const seconds = (endMs - Date.parse(task.startedAt)) / 1_000
  // The clocks of page and server may differ, and over the first moments a rate says nothing.
  if (messagesMoved === 0 || seconds < 0.5) return { fraction, messagesPerSecond: undefined, secondsLeft: undefined }
  const messagesPerSecond = messagesMoved / seconds
  const left = Math.max(0, messagesToMove - messagesMoved)
  return { fraction, messagesPerSecond, secondsLeft: isRunning ? left / messagesPerSecond : undefined }
}
