import { answers } from './answers.ts'
import type { Checker } from './checker.ts'
import { counters } from './counters.ts'
import { deadLetters } from './dead-letters.ts'
import { deduplication } from './deduplication.ts'
import { delays } from './delays.ts'
import { deleteFinality } from './delete-finality.ts'
import { fifoOrder } from './fifo-order.ts'
import { handles } from './handles.ts'
import { heldByDatabase } from './held-by-database.ts'
import { heldByServers } from './held-by-servers.ts'
import { integrity } from './integrity.ts'
import { inventedMessages } from './invented-messages.ts'
import { lateEffects } from './late-effects.ts'
import { leases } from './leases.ts'
import { liveness } from './liveness.ts'
import { lostMessages } from './lost-messages.ts'
import { lostQueues } from './lost-queues.ts'
import { moveTasks } from './move-tasks.ts'
import { orderlyStops } from './orderly-stops.ts'
import { outages } from './outages.ts'
import { purges } from './purges.ts'
import { receiveCounts } from './receive-counts.ts'
import { receiveRetries } from './receive-retries.ts'
import { retention } from './retention.ts'
import { sequenceNumbers } from './sequence-numbers.ts'

/** All checkers but the one of void runs, which asks for limits. */
export const CHECKERS: readonly Checker[] = [
  lostMessages,
  lostQueues,
  inventedMessages,
  integrity,
  fifoOrder,
  sequenceNumbers,
  deduplication,
  leases,
  delays,
  retention,
  deleteFinality,
  handles,
  receiveCounts,
  receiveRetries,
  deadLetters,
  moveTasks,
  purges,
  counters,
  answers,
  outages,
  lateEffects,
  orderlyStops,
  liveness,
  heldByServers,
  heldByDatabase,
]
