import type { Delivery, History } from '../history/index-history.ts'
import { earliestEndMs, latestEndMs, type Moment } from './database-time.ts'

/**
 * The earliest moment at which the lease of a delivery can have ended, for what happens up to a position of the history: it began when the
 * receive was invoked at the earliest. A change that was acknowledged before `invokedAt` counts from its own request; one that
 * may or may not have come in time counts when it makes the lease shorter. Steps of the database clock shift it. Deletions are not looked at.
 * @param use the request that is held against the lease
 */
export function earliestLeaseEndMs(
  history: History,
  delivery: Delivery,
  use: Moment & { readonly invokedAt: number; readonly completedAt: number },
): number {
  const endOf = (begin: Moment & { readonly leaseSeconds: number }) =>
    earliestEndMs(history, begin, begin.leaseSeconds * 1000, use)
  let endMs = endOf(delivery)
  const changes = history.messages.get(delivery.messageId)?.changes ?? []
  let changedAt = -1
  for (const change of changes) {
    if (change.handle !== delivery.handle || change.outcome === 'fail' || change.invokedAt > use.completedAt) continue
    const changedEndMs = endOf(change)
    const surelyApplied = change.outcome === 'ok' && change.completedAt < use.invokedAt && change.invokedAt > changedAt
    endMs = surelyApplied ? changedEndMs : Math.min(endMs, changedEndMs)
    changedAt = Math.max(changedAt, change.completedAt)
  }
  return endMs
}

/**
 * The latest moment at which a lease can have ended by itself.
 * @param until what happened later: steps of the database clock up to there shift it
 */
export function latestLeaseEndMs(history: History, delivery: Delivery, until: Moment): number {
  const endOf = (begin: Moment & { readonly leaseSeconds: number }) =>
    latestEndMs(history, begin, begin.leaseSeconds * 1000, until)
  const changes = history.messages.get(delivery.messageId)?.changes ?? []
  return changes
    .filter(({ handle, outcome }) => handle === delivery.handle && outcome !== 'fail')
    .reduce((endMs, change) => Math.max(endMs, endOf(change)), endOf(delivery))
}
