import type { EngineContext } from '../engine-context.ts'
import { QueueError } from '../errors.ts'
import { LIMITS } from '../limits.ts'
import type { MoveTask, QueueKey } from '../types.ts'
import { toMoveTask } from './move-task-row.ts'

/**
 * The newest tasks of a queue, the newest first.
 * @throws QueueError `queueNotFound`, `invalidArgument`, `unavailable`
 */
export async function listMoveTasks(context: EngineContext, key: QueueKey, limit: number): Promise<MoveTask[]> {
  const { queue } = await context.catalogue.reload(key)
  const { moveTasksListedMax } = LIMITS
  if (!Number.isInteger(limit) || limit < 1 || limit > moveTasksListedMax) {
    throw new QueueError('invalidArgument', `limit is a whole number from 1 to ${moveTasksListedMax}.`, {
      field: 'limit',
    })
  }
  const rows = await context.database.withCatalogue((catalogue) =>
    catalogue
      .selectFrom('stanchion.move_task')
      .selectAll()
      .where('source_queue_id', '=', queue.id)
      .orderBy('started_at', 'desc')
      .orderBy('task_id')
      .limit(limit)
      .execute(),
  )
  return rows.map((row) => toMoveTask(queue, row))
}
