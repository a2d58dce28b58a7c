import { chunksOf } from './chunks-of.ts'
import type { ConsumerSettings } from './consumer-options.ts'
import type { HeldLease } from './held-lease.ts'

/** Calls of the handler, one after the other; each with its leases. */
export type WorkChain = readonly (readonly HeldLease[])[]

/**
 * What one receive means to the handler. Chains run side by side. On a FIFO queue the messages of a group are one chain, since
 * they must be handled in their order; a batch is a chain of its own.
 */
export function planWork(leases: readonly HeldLease[], isFifo: boolean, settings: ConsumerSettings): WorkChain[] {
  if (settings.isBatched) return leases.length === 0 ? [] : [chunksOf(leases, settings.batchSize)]
  if (!isFifo) return leases.map((lease) => [[lease]])
  const groups = new Map<string | undefined, HeldLease[][]>()
  for (const lease of leases) {
    const { groupId } = lease.message
    const chain = groups.get(groupId)
    if (chain === undefined) groups.set(groupId, [[lease]])
    else chain.push([lease])
  }
  return [...groups.values()]
}
