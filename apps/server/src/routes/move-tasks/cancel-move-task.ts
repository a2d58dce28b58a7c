import { sourceRights } from '../../access/move-rights.ts'
import { jsonResponse, problemResponses } from '../responses.ts'
import { type OperationSchema, queueKey, type Route } from '../route.ts'
import { MOVE_TASK_EXAMPLE, MoveTaskParamsSchema, MoveTaskSchema, toMoveTaskView } from './move-task-schema.ts'

const schema = {
  operationId: 'cancelMoveTask',
  tags: ['move tasks'],
  summary: 'Cancel a move task',
  description: 'Ends a running task. What it has moved stays moved; after the answer it moves nothing more.',
  params: MoveTaskParamsSchema,
  response: {
    200: jsonResponse('The task was cancelled.', MoveTaskSchema, {
      ...MOVE_TASK_EXAMPLE,
      status: 'cancelled',
      endedAt: '2026-08-01T12:00:02.000Z',
    }),
    ...problemResponses('queueNotFound', 'moveTaskNotFound', 'moveTaskEnded'),
  },
} as const satisfies OperationSchema

export const cancelMoveTaskRoute: Route = (app) => {
  app.post('/queues/:queue/move-tasks/:moveTaskId/cancel', { schema }, async (request, reply) => {
    const { queue, moveTaskId } = request.params
    const source = queueKey(request, queue)
    await app.requireRights(request, sourceRights(source))
    return reply.send(toMoveTaskView(await app.engine.cancelMoveTask(source, moveTaskId)))
  })
}
