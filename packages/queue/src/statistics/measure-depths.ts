import { sql } from 'kysely'
import type { EngineContext } from '../engine-context.ts'
import { countQueues } from '../messages/count-messages.ts'
import { type LiveQueue, selectQueues, toLive } from '../queues/live-queue.ts'
import { withDuty } from '../services/duty.ts'

/** Queues looked for at once. */
const QUEUES_A_STEP = 1_000
/** Queues counted in one statement: a FIFO queue can take a thousand times as long as a standard one. */
const STANDARD_A_BATCH = 250
const FIFO_A_BATCH = 10
/** A round stops here and leaves the rest to the next one. */
const ROUND_SECONDS_MAX = 1.5

/**
 * Measures the queues whose depth is out of date, on one node at a time. A queue that did nothing costs nothing; one that is slow to
 * count is counted seldom, so the duty takes a twentieth of the time of one connection for it at most.
 */
export async function measureDepths(context: EngineContext, signal: AbortSignal): Promise<void> {
  // Nothing is written while there is nothing to do.
  if ((await queuesToMeasure(context)).length === 0) return
  await withDuty(context.database.catalogue, 'queue depths', 'skip', async () => {
    const endsAtMs = performance.now() + ROUND_SECONDS_MAX * 1000
    for (;;) {
      const queues = await queuesToMeasure(context)
      for (const batch of batchesOf(queues)) {
        if (signal.aborted || performance.now() > endsAtMs) return
        await measure(context, batch)
      }
      if (queues.length < QUEUES_A_STEP) return
    }
  })
}

async function queuesToMeasure({ database }: EngineContext): Promise<LiveQueue[]> {
  const rows = await selectQueues(database.catalogue)
    .where(sql<boolean>`q.queue_id IN (SELECT stanchion.queues_to_measure_v1(${QUEUES_A_STEP}))`)
    .execute()
  return rows.map(toLive)
}

/** Queues of one bucket and kind each. */
function batchesOf(queues: readonly LiveQueue[]): LiveQueue[][] {
  const groups = new Map<string, LiveQueue[]>()
  for (const live of queues) {
    const key = `${live.bucket} ${live.queue.fifo === undefined}`
    const group = groups.get(key) ?? []
    groups.set(key, group)
    group.push(live)
  }
  const batches: LiveQueue[][] = []
  for (const group of groups.values()) {
    const size = group[0]?.queue.fifo === undefined ? STANDARD_A_BATCH : FIFO_A_BATCH
    for (let start = 0; start < group.length; start += size) batches.push(group.slice(start, start + size))
  }
  return batches
}

async function measure(context: EngineContext, queues: readonly LiveQueue[]): Promise<void> {
  const startedAt = await readTime(context)
  const startedMs = performance.now()
  const counted = await countQueues(context, queues)
  const costSeconds = (performance.now() - startedMs) / 1000 / queues.length
  const counts = queues.map(
    (live) => counted.get(live) ?? { visible: 0, inFlight: 0, delayed: 0, oldestMessageAgeSeconds: null },
  )
  await sql`SELECT stanchion.keep_depths_v1(${queues[0]?.bucket}, ${queues.map(({ queue }) => queue.id)}::integer[],
    ${counts.map(({ visible }) => visible)}::bigint[], ${counts.map(({ inFlight }) => inFlight)}::bigint[],
    ${counts.map(({ delayed }) => delayed)}::bigint[],
    ${counts.map(({ oldestMessageAgeSeconds }) => oldestMessageAgeSeconds)}::double precision[],
    ${startedAt}, ${costSeconds})`.execute(context.database.catalogue)
}

async function readTime({ database }: EngineContext): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`SELECT stanchion.clock() AS now`.execute(database.catalogue)
  return (rows[0] as { now: Date }).now
}
