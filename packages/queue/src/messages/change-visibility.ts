import { type EngineContext, STALE, withQueue } from '../engine-context.ts'
import { QueueError } from '../errors.ts'
import { fifoSettle, handleExpired } from '../fifo/fifo-settle.ts'
import { checkSetting } from '../queues/validate-queue.ts'
import type { HandleResult, QueueKey, VisibilityChange } from '../types.ts'
import type { ChangeVisibilityState } from './change-visibility-statement.ts'
import { resolveHandles } from './resolve-handles.ts'
import { checkEntryCount } from './send-messages.ts'

/**
 * Gives deliveries a new visibility timeout, counted from now; 0 releases the message at once and wakes who waits for it.
 * @returns for each change `null`, `invalidReceiptHandle`, `messageNotLeased`, `handleExpired` (on FIFO queues),
 *   `visibilityTimeoutTooLong` or `invalidArgument`
 * @throws QueueError `queueNotFound`, `unavailable`, `outcomeUnknown`, `deadlineExceeded`, `overloaded`
 */
export function changeVisibility(
  context: EngineContext,
  key: QueueKey,
  changes: readonly VisibilityChange[],
): Promise<HandleResult[]> {
  checkEntryCount(changes.length)
  const { ranges } = context.catalogue
  const toError = (state: ChangeVisibilityState) => errorOf(state, ranges.visibilityTimeoutSeconds.max)
  return withQueue(context, key, async (live, isFresh) => {
    const resolved = resolveHandles(
      context,
      live,
      isFresh,
      changes.map((change) => change.receiptHandle),
    )
    if (resolved === STALE) return STALE
    const results: HandleResult[] = changes.map(({ visibilityTimeoutSeconds }, i) => {
      const error = resolved.errors[i] ?? checkSetting(ranges, 'visibilityTimeoutSeconds', visibilityTimeoutSeconds)
      return error ?? (resolved.purged[i] ? toError('notLeased') : null)
    })
    const places = changes.flatMap((_, i) => (results[i] === null ? [i] : []))
    if (live.queue.fifo !== undefined) {
      const entries = places.map((place) => ({
        delivery: resolved.deliveries[place] as NonNullable<(typeof resolved.deliveries)[number]>,
        timeoutSeconds: changes[place]?.visibilityTimeoutSeconds as number,
      }))
      if (entries.length === 0 && !isFresh) return STALE
      const settled = await fifoSettle(context, live, 'fifoChangeVisibility', entries)
      if (settled === STALE) return STALE
      settled.forEach((state, i) => {
        if (state === 'expired' || state === 'superseded') results[places[i] as number] = handleExpired()
        else if (state !== 'done') results[places[i] as number] = toError(state === 'tooLong' ? 'tooLong' : 'notLeased')
      })
      tellReleased(context, key, changes, results)
      return results
    }
    const states = await context.pipes.changeVisibility.submit({
      bucket: live.bucket,
      queueLanes: live.lanes,
      retentionSeconds: live.queue.settings.retentionSeconds,
      trustedNowMs: context.database.clock.trustedNowMs(),
      changes: places.map((place) => ({
        delivery: resolved.deliveries[place] as NonNullable<(typeof resolved.deliveries)[number]>,
        timeoutSeconds: changes[place]?.visibilityTimeoutSeconds as number,
      })),
    })
    // All handles of a call belong to lanes of one queue, which come and go together.
    if (states.includes('stale')) return STALE
    states.forEach((state, i) => {
      const place = places[i] as number
      results[place] = toError(state)
      if (state === 'changed') {
        const { visibilityTimeoutSeconds } = changes[place] as VisibilityChange
        context.announce(live.queue.id, visibilityTimeoutSeconds * 1000, 'release')
      }
    })
    tellReleased(context, key, changes, results)
    return results
  })
}

function tellReleased(
  { observer }: EngineContext,
  key: QueueKey,
  changes: readonly VisibilityChange[],
  results: readonly HandleResult[],
): void {
  const released = changes.filter(
    ({ visibilityTimeoutSeconds }, i) => visibilityTimeoutSeconds === 0 && results[i] === null,
  )
  if (released.length > 0) observer.messagesReleased?.(key, released.length)
}

function errorOf(state: ChangeVisibilityState, leaseSecondsMax: number): QueueError | null {
  switch (state) {
    case 'notLeased':
      return new QueueError('messageNotLeased', 'The message is gone, or it was delivered again since.', {
        field: 'receiptHandle',
      })
    case 'tooLong':
      return new QueueError(
        'visibilityTimeoutTooLong',
        `One delivery may stay invisible for ${leaseSecondsMax} seconds in all, counted from its receive.`,
        { field: 'visibilityTimeoutSeconds', limitSeconds: leaseSecondsMax },
      )
    default:
      return null
  }
}
