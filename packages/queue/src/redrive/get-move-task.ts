import type { EngineContext } from '../engine-context.ts'
import { QueueError } from '../errors.ts'
import type { MoveTask, QueueKey } from '../types.ts'
import { toMoveTask } from './move-task-row.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** @throws QueueError `queueNotFound`, `moveTaskNotFound`, `unavailable` */
export async function getMoveTask(context: EngineContext, key: QueueKey, taskId: string): Promise<MoveTask> {
  const { queue } = await context.catalogue.reload(key)
  const row = UUID.test(taskId)
    ? await context.database.withCatalogue((catalogue) =>
        catalogue
          .selectFrom('stanchion.move_task')
          .selectAll()
          .where('task_id', '=', taskId)
          .where('source_queue_id', '=', queue.id)
          .executeTakeFirst(),
      )
    : undefined
  if (row === undefined) throw new QueueError('moveTaskNotFound', 'The queue has no such task.')
  return toMoveTask(queue, row)
}
