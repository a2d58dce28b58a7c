import type { Statement } from '../database/database.ts'
import type { EngineContext } from '../engine-context.ts'

const MOVE_STEP: Statement = {
  name: 'stanchion_move_step_v1',
  text: `SELECT account_id, source_name, status, moved, bytes, destination_ids, destination_delays, now_ms
    FROM stanchion.move_step_v1($1, $2, $3, $4, $5)`,
}

/** Bodies that one step takes out of a lane; one message always goes. */
const BYTES_MAX = 4 * 1024 ** 2

/** What one step of a move task did. */
export interface MoveStep {
  readonly isEnded: boolean
  readonly moved: number
  /** What the bodies that were moved weigh. */
  readonly bytes: number
}

/**
 * Does one step of a task (see the function in `migrations/`), and tells whoever waits at the queues that got something.
 * @param count messages at most
 * @returns `undefined` when the task has ended, rests because of its rate, or is worked on by another node
 */
export async function moveStep(context: EngineContext, taskId: string, count: number): Promise<MoveStep | undefined> {
  const { database } = context
  const [row] = await database.run(MOVE_STEP, [
    taskId,
    count,
    BYTES_MAX,
    new Date(database.clock.trustedNowMs()).toISOString(),
    database.deadline(),
  ])
  if (row === undefined) return undefined
  const [accountId, name, status, moved, bytes, destinationIds, delays, nowMs] = row
  database.observeTime(nowMs)
  for (const [i, queueId] of (destinationIds as number[]).entries()) {
    context.announce(queueId, ((delays as number[])[i] as number) * 1000, 'send')
  }
  if (Number(moved) > 0) {
    context.observer.messagesMoved?.({ accountId: accountId as string, name: name as string }, Number(moved))
  }
  return { isEnded: status !== 'running', moved: Number(moved), bytes: Number(bytes) }
}
