import { LIMITS } from '@stanchion/queue'
import { Type } from 'typebox'
import { QueueParamsSchema } from '../queues/queue-schema.ts'
import { jsonResponse, problemResponses } from '../responses.ts'
import { type OperationSchema, queueKey, type Route } from '../route.ts'
import { MOVE_TASK_EXAMPLE, MoveTaskSchema, toMoveTaskView } from './move-task-schema.ts'

const schema = {
  operationId: 'listMoveTasks',
  tags: ['move tasks'],
  summary: 'List the move tasks of a queue',
  description: `Answers the newest tasks of a queue, the newest first. The last ${LIMITS.moveTasksListedMax} are remembered.`,
  params: QueueParamsSchema,
  querystring: Type.Object(
    {
      limit: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: LIMITS.moveTasksListedMax,
          description: `How many tasks to answer at most; ${LIMITS.moveTasksListedMax} when absent.`,
        }),
      ),
    },
    { additionalProperties: false },
  ),
  response: {
    200: jsonResponse(
      'The tasks.',
      Type.Object(
        { moveTasks: Type.Array(MoveTaskSchema, { description: 'The newest first.' }) },
        { additionalProperties: false, title: 'MoveTasks' },
      ),
      { moveTasks: [MOVE_TASK_EXAMPLE] },
    ),
    ...problemResponses('queueNotFound', 'invalidArgument'),
  },
} as const satisfies OperationSchema

export const listMoveTasksRoute: Route = (app) => {
  app.get('/queues/:queue/move-tasks', { schema }, async (request, reply) => {
    const { limit = LIMITS.moveTasksListedMax } = request.query
    const tasks = await app.engine.listMoveTasks(queueKey(request, request.params.queue), limit)
    return reply.send({ moveTasks: tasks.map(toMoveTaskView) })
  })
}
