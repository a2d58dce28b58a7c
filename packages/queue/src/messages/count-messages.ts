import { toQueueError } from '../database/sqlstate.ts'
import type { EngineContext } from '../engine-context.ts'
import type { LiveQueue } from '../queues/live-queue.ts'
import type { QueueCounts, QueueKey } from '../types.ts'
import { COUNT, FIFO_COUNT } from './statements.ts'

/** Lanes in one statement. */
const LANES_MAX = 2_000

/**
 * The exact counts of one queue at one instant (G26).
 * @throws QueueError `queueNotFound`, `unavailable`
 */
export async function countMessages(context: EngineContext, key: QueueKey): Promise<QueueCounts> {
  const live = await context.catalogue.reload(key)
  const counts = await countQueues(context, [live])
  return counts.get(live) as QueueCounts
}

/** The counts of every queue. */
export async function countAllMessages(context: EngineContext): Promise<{ queue: QueueKey; counts: QueueCounts }[]> {
  const all = await context.catalogue.all()
  const counts = await countQueues(context, all)
  return all.map((live) => ({
    queue: { accountId: live.queue.accountId, name: live.queue.name },
    counts: counts.get(live) as QueueCounts,
  }))
}

/** The exact counts of these queues, a statement for each bucket and kind. */
export async function countQueues(
  context: EngineContext,
  queues: readonly LiveQueue[],
): Promise<Map<LiveQueue, QueueCounts>> {
  const { database } = context
  const buckets = new Map<string, { lane: number; live: LiveQueue }[]>()
  for (const live of queues) {
    for (const lane of live.lanes) {
      const group = `${live.bucket} ${live.queue.fifo === undefined}`
      const lanes = buckets.get(group) ?? []
      lanes.push({ lane, live })
      buckets.set(group, lanes)
    }
  }
  const counts = new Map<LiveQueue, QueueCounts>(
    queues.map((live) => [live, { visible: 0, inFlight: 0, delayed: 0, oldestMessageAgeSeconds: null }]),
  )
  for (const lanes of buckets.values()) {
    const { bucket, queue } = (lanes[0] as { live: LiveQueue }).live
    for (let start = 0; start < lanes.length; start += LANES_MAX) {
      const part = lanes.slice(start, start + LANES_MAX)
      const rows = await database
        .run(queue.fifo === undefined ? COUNT : FIFO_COUNT, [
          bucket,
          part.map(({ lane }) => lane),
          part.map(({ live }) => live.queue.settings.retentionSeconds),
          ...(queue.fifo === undefined ? [] : [part.map(({ live }) => live.queue.settings.delaySeconds)]),
          new Date(database.clock.trustedNowMs()).toISOString(),
        ])
        .catch((error: unknown) => {
          throw toQueueError(error)
        })
      const liveOf = new Map(part.map(({ lane, live }) => [lane, live]))
      for (const [lane, visible, inFlight, delayed, oldestMs, nowMs] of rows) {
        const live = liveOf.get(Number(lane)) as LiveQueue
        counts.set(live, add(counts.get(live) as QueueCounts, visible, inFlight, delayed, oldestMs, nowMs as number))
      }
    }
  }
  return counts
}

function add(
  sum: QueueCounts,
  visible: unknown,
  inFlight: unknown,
  delayed: unknown,
  oldestMs: unknown,
  nowMs: number,
): QueueCounts {
  const ageSeconds = oldestMs === null ? null : Math.max(0, (nowMs - (oldestMs as number)) / 1000)
  return {
    visible: sum.visible + Number(visible),
    inFlight: sum.inFlight + Number(inFlight),
    delayed: sum.delayed + Number(delayed),
    oldestMessageAgeSeconds:
      ageSeconds === null ? sum.oldestMessageAgeSeconds : Math.max(ageSeconds, sum.oldestMessageAgeSeconds ?? 0),
  }
}
