import type { RestApp } from '../route.ts'
import { whoamiRoute } from './whoami.ts'

/** Mounts the operations on whoever is asking. */
export function registerSessionRoutes(app: RestApp): void {
  whoamiRoute(app)
}
