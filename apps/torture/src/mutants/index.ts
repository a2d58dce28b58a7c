import { deduplicationForgets } from './list/deduplication-forgets.ts'
import { delaysIgnored } from './list/delays-ignored.ts'
import { deleteWithoutNonce } from './list/delete-without-nonce.ts'
import { purgeByTime } from './list/purge-by-time.ts'
import { unsignedHandles } from './list/unsigned-handles.ts'
import type { Mutant } from './mutant.ts'

/** Every mutant there is. */
export const MUTANTS: readonly Mutant[] = [
  deduplicationForgets,
  delaysIgnored,
  deleteWithoutNonce,
  purgeByTime,
  unsignedHandles,
]
