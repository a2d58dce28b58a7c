import type { RestApp } from '../route.ts'
import { cancelMoveTaskRoute } from './cancel-move-task.ts'
import { getMoveTaskRoute } from './get-move-task.ts'
import { listMoveTasksRoute } from './list-move-tasks.ts'
import { startMoveTaskRoute } from './start-move-task.ts'

/** Mounts the operations on move tasks. */
export function registerMoveTaskRoutes(app: RestApp): void {
  startMoveTaskRoute(app)
  listMoveTasksRoute(app)
  getMoveTaskRoute(app)
  cancelMoveTaskRoute(app)
}
