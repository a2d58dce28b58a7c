import { ackBeforeCommit } from './list/ack-before-commit.ts'
import { blindRetry } from './list/blind-retry.ts'
import { changeWithoutNonce } from './list/change-without-nonce.ts'
import { claimWithoutLock } from './list/claim-without-lock.ts'
import { deadLettersInTwoTransactions } from './list/dead-letters-in-two-transactions.ts'
import { deadLettersLost } from './list/dead-letters-lost.ts'
import { deduplicationForgets } from './list/deduplication-forgets.ts'
import { delaysIgnored } from './list/delays-ignored.ts'
import { deleteById } from './list/delete-by-id.ts'
import { deleteForgotten } from './list/delete-forgotten.ts'
import { deleteWithoutNonce } from './list/delete-without-nonce.ts'
import { deletesWithoutDatabase } from './list/deletes-without-database.ts'
import { dropOneOfAHundred } from './list/drop-one-of-a-hundred.ts'
import { dropWhenLeaseEnds } from './list/drop-when-lease-ends.ts'
import { errorForOldHandles } from './list/error-for-old-handles.ts'
import { extensionIgnored } from './list/extension-ignored.ts'
import { fifoClaimWithoutLock } from './list/fifo-claim-without-lock.ts'
import { fsyncOff } from './list/fsync-off.ts'
import { groupSplitOverCallers } from './list/group-split-over-callers.ts'
import { inFlightUncounted } from './list/in-flight-uncounted.ts'
import { leakedWaiter } from './list/leaked-waiter.ts'
import { lineEndsChanged } from './list/line-ends-changed.ts'
import { lockAndReadInOne } from './list/lock-and-read-in-one.ts'
import { naiveFifoClaim } from './list/naive-fifo-claim.ts'
import { neverReconnects } from './list/never-reconnects.ts'
import { notifyOnly } from './list/notify-only.ts'
import { nowInLongTransaction } from './list/now-in-long-transaction.ts'
import { numbersFall } from './list/numbers-fall.ts'
import { oneDeliveryTooMany } from './list/one-delivery-too-many.ts'
import { plainSequence } from './list/plain-sequence.ts'
import { poisonedStatement } from './list/poisoned-statement.ts'
import { purgeByTime } from './list/purge-by-time.ts'
import { purgeInBackground } from './list/purge-in-background.ts'
import { queueComesBack } from './list/queue-comes-back.ts'
import { receiveCountStands } from './list/receive-count-stands.ts'
import { rowsByPosition } from './list/rows-by-position.ts'
import { selectThenInsert } from './list/select-then-insert.ts'
import { synchronousCommitOff } from './list/synchronous-commit-off.ts'
import { unsignedHandles } from './list/unsigned-handles.ts'
import type { Mutant } from './mutant.ts'

/** Every mutant there is. */
export const MUTANTS: readonly Mutant[] = [
  ackBeforeCommit,
  synchronousCommitOff,
  blindRetry,
  fsyncOff,
  dropOneOfAHundred,
  dropWhenLeaseEnds,
  rowsByPosition,
  poisonedStatement,
  naiveFifoClaim,
  groupSplitOverCallers,
  claimWithoutLock,
  fifoClaimWithoutLock,
  lockAndReadInOne,
  plainSequence,
  nowInLongTransaction,
  deleteWithoutNonce,
  deleteById,
  changeWithoutNonce,
  unsignedHandles,
  deduplicationForgets,
  selectThenInsert,
  purgeByTime,
  purgeInBackground,
  queueComesBack,
  notifyOnly,
  leakedWaiter,
  receiveCountStands,
  oneDeliveryTooMany,
  deadLettersLost,
  deadLettersInTwoTransactions,
  delaysIgnored,
  deleteForgotten,
  extensionIgnored,
  lineEndsChanged,
  inFlightUncounted,
  numbersFall,
  neverReconnects,
  deletesWithoutDatabase,
  errorForOldHandles,
]
