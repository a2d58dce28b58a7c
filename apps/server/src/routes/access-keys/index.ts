import type { RestApp } from '../route.ts'
import { createAccessKeyRoute } from './create-access-key.ts'
import { disableAccessKeyRoute } from './disable-access-key.ts'
import { listAccessKeysRoute } from './list-access-keys.ts'
import { rotateAccessKeyRoute } from './rotate-access-key.ts'

/** Mounts the operations on access keys. */
export function registerAccessKeyRoutes(app: RestApp): void {
  createAccessKeyRoute(app)
  listAccessKeysRoute(app)
  disableAccessKeyRoute(app)
  rotateAccessKeyRoute(app)
}
