import type { Delivery, History } from '../history/index-history.ts'

/**
 * The earliest moment at which the lease of a delivery can have ended, for what happens up to a position of the history: it began when the
 * receive was invoked at the earliest. A change that was acknowledged before `invokedAt` counts from its own request; one that
 * may or may not have come in time counts when it makes the lease shorter. Deletions are not looked at.
 * @param invokedAt, completedAt where the request stands that is held against the lease
 */
export function earliestLeaseEndMs(
  history: History,
  delivery: Delivery,
  { invokedAt, completedAt }: { readonly invokedAt: number; readonly completedAt: number },
): number {
  let endMs = delivery.invokedMs + delivery.leaseSeconds * 1000
  const changes = history.messages.get(delivery.messageId)?.changes ?? []
  let changedAt = -1
  for (const change of changes) {
    if (change.handle !== delivery.handle || change.outcome === 'fail' || change.invokedAt > completedAt) continue
    const changedEndMs = change.invokedMs + change.leaseSeconds * 1000
    const surelyApplied = change.outcome === 'ok' && change.completedAt < invokedAt && change.invokedAt > changedAt
    endMs = surelyApplied ? changedEndMs : Math.min(endMs, changedEndMs)
    changedAt = Math.max(changedAt, change.completedAt)
  }
  return endMs
}

/** The latest moment at which a lease can have ended by itself. */
export function latestLeaseEndMs(history: History, delivery: Delivery): number {
  const changes = history.messages.get(delivery.messageId)?.changes ?? []
  return changes
    .filter(({ handle, outcome }) => handle === delivery.handle && outcome !== 'fail')
    .reduce(
      (endMs, change) => Math.max(endMs, change.completedMs + change.leaseSeconds * 1000),
      delivery.completedMs + delivery.leaseSeconds * 1000,
    )
}
