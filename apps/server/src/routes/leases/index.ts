import type { RestApp } from '../route.ts'
import { deleteMessageRoute } from './delete-message.ts'
import { deleteMessagesRoute } from './delete-messages.ts'
import { extendLeaseRoute } from './extend-lease.ts'
import { extendLeasesRoute } from './extend-leases.ts'
import { releaseLeaseRoute } from './release-lease.ts'
import { releaseLeasesRoute } from './release-leases.ts'

/** Mounts the operations on deliveries. */
export function registerLeaseRoutes(app: RestApp): void {
  deleteMessageRoute(app)
  extendLeaseRoute(app)
  releaseLeaseRoute(app)
  deleteMessagesRoute(app)
  extendLeasesRoute(app)
  releaseLeasesRoute(app)
}
