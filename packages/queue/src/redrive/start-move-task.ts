import { randomUUID } from 'node:crypto'
import { sql, type Transaction } from 'kysely'
import { toQueueError } from '../database/sqlstate.ts'
import type { Tables } from '../database/tables.ts'
import type { EngineContext } from '../engine-context.ts'
import { QueueError } from '../errors.ts'
import { LIMITS } from '../limits.ts'
import { countMessages } from '../messages/count-messages.ts'
import { withDuty } from '../services/duty.ts'
import type { MoveTask, NewMoveTask, Queue, QueueCounts, QueueKey } from '../types.ts'
import { toMoveTask } from './move-task-row.ts'

/**
 * Starts a task; the duty of any node takes it from there.
 * @throws QueueError `queueNotFound`, `destinationNotFound`, `invalidArgument`, `destinationIsSource`, `destinationKindDiffers`,
 * `notDeadLetterQueue`, `moveTaskRunning`, `tooManyMoveTasks`, `unavailable`
 */
export async function startMoveTask(context: EngineContext, key: QueueKey, task: NewMoveTask): Promise<MoveTask> {
  const { queue } = await context.catalogue.reload(key)
  const destination = task.destination === undefined ? undefined : await findDestination(context, key, task.destination)
  checkRate(task.messagesPerSecondMax)
  if (destination !== undefined) checkDestination(queue, destination)
  const { queues: sources } = await context.catalogue.listDeadLetterSources(key, { limit: 1 })
  if (sources.length === 0) {
    throw new QueueError('notDeadLetterQueue', 'No queue names this one as its dead-letter queue.')
  }
  const counts = await countMessages(context, key)
  try {
    // One start at a time, so that the limits hold whatever the nodes do at once.
    const row = await withDuty(context.database.catalogue, 'move tasks', 'wait', (transaction) =>
      insertTask(transaction, queue, task, counts),
    )
    return toMoveTask(queue, row as NonNullable<typeof row>)
  } catch (error) {
    throw toQueueError(error)
  }
}

async function findDestination(context: EngineContext, { accountId }: QueueKey, name: string): Promise<Queue> {
  try {
    return (await context.catalogue.reload({ accountId, name })).queue
  } catch (error) {
    if (!(error instanceof QueueError) || error.code !== 'queueNotFound') throw error
    throw new QueueError('destinationNotFound', 'There is no queue of the name given as destination.', {
      field: 'destination',
    })
  }
}

function checkRate(messagesPerSecondMax: number | undefined): void {
  if (messagesPerSecondMax === undefined) return
  const { moveRateMax } = LIMITS
  if (Number.isInteger(messagesPerSecondMax) && messagesPerSecondMax >= 1 && messagesPerSecondMax <= moveRateMax) return
  throw new QueueError('invalidArgument', `messagesPerSecondMax is a whole number from 1 to ${moveRateMax}.`, {
    field: 'messagesPerSecondMax',
  })
}

function checkDestination(source: Queue, destination: Queue): void {
  const details = { field: 'destination' }
  if (destination.id === source.id) {
    throw new QueueError('destinationIsSource', 'A queue cannot move its messages to itself.', details)
  }
  if ((destination.fifo === undefined) !== (source.fifo === undefined)) {
    throw new QueueError(
      'destinationKindDiffers',
      'Messages of a FIFO queue go to FIFO queues, those of a standard queue to standard queues.',
      details,
    )
  }
}

async function insertTask(transaction: Transaction<Tables>, queue: Queue, task: NewMoveTask, counts: QueueCounts) {
  const { moveTasksRunningMax, moveTasksListedMax } = LIMITS
  const running = await transaction
    .selectFrom('stanchion.move_task')
    .select('source_queue_id')
    .where('status', '=', 'running')
    .where('account_id', '=', queue.accountId)
    .execute()
  if (running.some(({ source_queue_id }) => source_queue_id === queue.id)) {
    throw new QueueError('moveTaskRunning', 'A task of this queue is running; one at a time.')
  }
  if (running.length >= moveTasksRunningMax) {
    throw new QueueError('tooManyMoveTasks', `An account has up to ${moveTasksRunningMax} running tasks.`)
  }
  const row = await transaction
    .insertInto('stanchion.move_task')
    .values({
      task_id: randomUUID(),
      account_id: queue.accountId,
      source_queue_id: queue.id,
      destination: task.destination ?? null,
      messages_per_second_max: task.messagesPerSecondMax ?? null,
      status: 'running',
      failure: null,
      messages_moved: 0,
      messages_to_move: counts.visible,
      messages_max: counts.visible + counts.inFlight + counts.delayed,
      next_at: sql`stanchion.clock()`,
      started_at: sql`stanchion.clock()`,
      ended_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  await transaction
    .deleteFrom('stanchion.move_task')
    .where('source_queue_id', '=', queue.id)
    .where('status', '<>', 'running')
    .where('task_id', 'in', (query) =>
      query
        .selectFrom('stanchion.move_task')
        .select('task_id')
        .where('source_queue_id', '=', queue.id)
        .orderBy('started_at', 'desc')
        .orderBy('task_id')
        .offset(moveTasksListedMax)
        .limit(1_000),
    )
    .execute()
  return row
}
