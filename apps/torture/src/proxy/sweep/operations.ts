import type { Operation } from './operation.ts'
import { messageOperations } from './operations/messages.ts'
import { queueOperations } from './operations/queues.ts'

/** Everything that the sweep cuts. */
export const OPERATIONS: readonly Operation[] = [
  ...messageOperations('standard'),
  ...messageOperations('fifo'),
  ...queueOperations(),
]
