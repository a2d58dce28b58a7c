import type { RestApp } from '../route.ts'
import { countMessagesRoute } from './count-messages.ts'
import { createQueueRoute } from './create-queue.ts'
import { deleteQueueRoute } from './delete-queue.ts'
import { getQueueRoute } from './get-queue.ts'
import { getScalingRoute } from './get-scaling.ts'
import { listDeadLetterSourcesRoute } from './list-dead-letter-sources.ts'
import { listQueuesRoute } from './list-queues.ts'
import { purgeQueueRoute } from './purge-queue.ts'
import { updateQueueRoute } from './update-queue.ts'

/** Mounts the operations on queues. */
export function registerQueueRoutes(app: RestApp): void {
  createQueueRoute(app)
  listQueuesRoute(app)
  getQueueRoute(app)
  updateQueueRoute(app)
  deleteQueueRoute(app)
  purgeQueueRoute(app)
  countMessagesRoute(app)
  getScalingRoute(app)
  listDeadLetterSourcesRoute(app)
}
