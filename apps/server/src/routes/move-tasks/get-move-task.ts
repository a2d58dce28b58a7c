import { jsonResponse, problemResponses } from '../responses.ts'
import { type OperationSchema, queueKey, type Route } from '../route.ts'
import { MOVE_TASK_EXAMPLE, MoveTaskParamsSchema, MoveTaskSchema, toMoveTaskView } from './move-task-schema.ts'

const schema = {
  operationId: 'getMoveTask',
  tags: ['move tasks'],
  summary: 'Get a move task',
  description: 'Answers how far a task is, or how it ended.',
  params: MoveTaskParamsSchema,
  response: {
    200: jsonResponse('The task.', MoveTaskSchema, MOVE_TASK_EXAMPLE),
    ...problemResponses('queueNotFound', 'moveTaskNotFound'),
  },
} as const satisfies OperationSchema

export const getMoveTaskRoute: Route = (app) => {
  app.get('/queues/:queue/move-tasks/:moveTaskId', { schema }, async (request, reply) => {
    const { queue, moveTaskId } = request.params
    return reply.send(toMoveTaskView(await app.engine.getMoveTask(queueKey(request, queue), moveTaskId)))
  })
}
