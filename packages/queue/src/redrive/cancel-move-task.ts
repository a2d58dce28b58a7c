import { sql } from 'kysely'
import { readBack } from '../database/read-back.ts'
import type { EngineContext } from '../engine-context.ts'
import { QueueError } from '../errors.ts'
import type { MoveTask, QueueKey } from '../types.ts'
import { getMoveTask } from './get-move-task.ts'

/**
 * Ends a running task. It waits for the lock of the task's row, hence for the step that is being done, so nothing moves after the
 * answer (G19).
 * @throws QueueError `queueNotFound`, `moveTaskNotFound`, `moveTaskEnded`, `unavailable`, `outcomeUnknown`
 */
export async function cancelMoveTask(context: EngineContext, key: QueueKey, taskId: string): Promise<MoveTask> {
  const { id } = await getMoveTask(context, key, taskId)
  const cancelled = await context.database.withCatalogue((catalogue) =>
    catalogue
      .updateTable('stanchion.move_task')
      .set({ status: 'cancelled', ended_at: sql`stanchion.clock()` })
      .where('task_id', '=', id)
      .where('status', '=', 'running')
      .executeTakeFirst(),
  )
  if (cancelled.numUpdatedRows === 0n) throw new QueueError('moveTaskEnded', 'The task is not running.')
  return readBack(() => getMoveTask(context, key, taskId))
}
