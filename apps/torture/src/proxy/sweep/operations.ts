import type { Operation } from './operation.ts'
import { accessKeyOperations } from './operations/access-keys.ts'
import { messageOperations } from './operations/messages.ts'
import { queueOperations } from './operations/queues.ts'
import { SHARED_TICK } from './operations/shared-tick.ts'

/** Everything that the sweep cuts. */
export const OPERATIONS: readonly Operation[] = [
  ...messageOperations('standard'),
  ...messageOperations('fifo'),
  SHARED_TICK,
  ...queueOperations(),
  ...accessKeyOperations(),
]
