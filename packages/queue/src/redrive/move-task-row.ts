import type { Selectable } from 'kysely'
import type { MoveTaskTable } from '../database/tables.ts'
import type { MoveTask, QueueKey } from '../types.ts'

/** Shows a stored task of a queue. */
export function toMoveTask(source: QueueKey, row: Selectable<MoveTaskTable>): MoveTask {
  return {
    id: row.task_id,
    source: source.name,
    destination: row.destination ?? undefined,
    messagesPerSecondMax: row.messages_per_second_max ?? undefined,
    status: row.status,
    failure: row.failure ?? undefined,
    messagesMoved: Number(row.messages_moved),
    messagesToMove: Number(row.messages_to_move),
    startedAt: row.started_at,
    endedAt: row.ended_at ?? undefined,
  }
}
