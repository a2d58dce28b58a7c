import type { Route } from '../route.ts'
import { getQueueHistoryRoute } from './get-queue-history.ts'
import { getQueueStatisticsRoute } from './get-queue-statistics.ts'
import { listQueueStatisticsRoute } from './list-queue-statistics.ts'

export const registerStatisticsRoutes: Route = (app) => {
  listQueueStatisticsRoute(app)
  getQueueStatisticsRoute(app)
  getQueueHistoryRoute(app)
}
