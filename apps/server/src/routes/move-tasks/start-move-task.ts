import { destinationRights, sourceRights } from '../../access/move-rights.ts'
import { QueueParamsSchema } from '../queues/queue-schema.ts'
import { BODY_PROBLEMS, jsonResponse, problemResponses } from '../responses.ts'
import { type OperationSchema, queueKey, type Route } from '../route.ts'
import { MOVE_TASK_EXAMPLE, MoveTaskSchema, NewMoveTaskSchema, toMoveTaskView } from './move-task-schema.ts'

const schema = {
  operationId: 'startMoveTask',
  tags: ['move tasks'],
  summary: 'Move the messages of a dead-letter queue',
  description:
    'Starts a task that moves messages of a dead-letter queue back to the queues they came from, or to one other queue. It ' +
    'moves as many messages as the queue holds now, those that can be received; leased ones follow if their lease ends while ' +
    'the task runs. A moved message is a new one: it has a new id, its retention starts again, and it was never received. One ' +
    'task a queue at a time.',
  params: QueueParamsSchema,
  body: NewMoveTaskSchema,
  response: {
    201: jsonResponse('The task was started.', MoveTaskSchema, MOVE_TASK_EXAMPLE),
    ...problemResponses(
      'queueNotFound',
      'destinationNotFound',
      'destinationIsSource',
      'destinationKindDiffers',
      'notDeadLetterQueue',
      'moveTaskRunning',
      'tooManyMoveTasks',
      'invalidArgument',
      ...BODY_PROBLEMS,
    ),
  },
} as const satisfies OperationSchema

export const startMoveTaskRoute: Route = (app) => {
  app.post('/queues/:queue/move-tasks', { schema }, async (request, reply) => {
    const source = queueKey(request, request.params.queue)
    const { destination } = request.body
    const sending = await destinationRights(app.engine, request.caller, source, destination)
    await app.requireRights(request, [...sourceRights(source), ...sending])
    return reply.code(201).send(toMoveTaskView(await app.engine.startMoveTask(source, request.body)))
  })
}
