import { setTimeout as pause } from 'node:timers/promises'
import type { MoveTask, Queue } from '@stanchion/client'
import type { Cli } from '../../cli.ts'
import { CliError } from '../../cli-error.ts'
import type { Column } from '../../output/output.ts'
import { startProgress } from '../../output/progress.ts'

const LOOK_MS = 500

/** A move task as people read it. */
export const MOVE_TASK_COLUMNS: readonly Column<MoveTask>[] = [
  ['Id', ({ id }) => id],
  ['Status', ({ status }) => status],
  ['Moved', ({ messagesMoved }) => messagesMoved],
  ['To move', ({ messagesToMove }) => messagesToMove],
  ['Destination', ({ destination }) => destination ?? 'where they came from'],
  ['Per second', ({ messagesPerSecondMax }) => messagesPerSecondMax],
  ['Started', ({ startedAt }) => startedAt],
  ['Ended', ({ endedAt }) => endedAt],
  ['Failure', ({ failure }) => failure],
]

const FAILURES: Record<NonNullable<MoveTask['failure']>, string> = {
  destinationNotFound: 'The queue that a message should go to does not exist. Create it, or start again with --to.',
  sourceUnknown: 'It is not known where a message came from. Start again with --to.',
  timedOut: 'It ran for as long as a task may. Start it again for the rest.',
}

/**
 * Follows a task until it ends, with a bar on a terminal.
 * @throws CliError when the task failed
 */
export async function watchTask(cli: Cli, queue: Queue, task: MoveTask): Promise<MoveTask> {
  const { signal, stderr } = cli.terminal
  const progress = startProgress(stderr, 'moved', task.messagesToMove)
  try {
    let latest = task
    while (latest.status === 'running') {
      await pause(LOOK_MS, undefined, { signal })
      latest = await queue.getMoveTask(task.id, cli.call)
      progress.update(latest.messagesMoved, latest.messagesToMove)
    }
    if (latest.failure === undefined) return latest
    const { messagesMoved, messagesToMove, failure } = latest
    throw new CliError(`The task failed after ${messagesMoved} of ${messagesToMove} messages.`, {
      hint: FAILURES[failure],
    })
  } finally {
    progress.stop()
  }
}
