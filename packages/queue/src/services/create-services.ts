import { sql } from 'kysely'
import type { EngineContext } from '../engine-context.ts'
import { TaskMover } from '../redrive/task-mover.ts'
import { decideAll } from '../scaling/decide-all.ts'
import { DepthMeasurer } from '../statistics/depth-measurer.ts'
import {
  clearDeadLanes,
  endOverdueLeases,
  expireMessages,
  forgetDeletedQueues,
  sumExpired,
  tidyFifoLanes,
} from './lane-keeper.ts'
import { ensureSegments } from './log-segments.ts'
import { OrphanSweeper } from './orphan-sweeper.ts'
import { readClock, safetyTick } from './safety-tick.ts'
import { SegmentCleaner } from './segment-cleaner.ts'
import { Service, type ServiceOptions } from './service.ts'

/** Removes the numbers of queues and nodes that are gone. */
async function tidyStatistics(catalogue: EngineContext['database']['catalogue']): Promise<void> {
  await sql`SELECT stanchion.tidy_statistics_v1()`.execute(catalogue)
}

/** The background duties of a node by name, not started. Each is safe with any number of nodes. */
export function createServices(context: EngineContext, statisticsIntervalMs: number): ReadonlyMap<string, Service> {
  const { logger, observer, database } = context
  const { catalogue, clock } = database
  const sweeper = new OrphanSweeper(catalogue)
  const cleaner = new SegmentCleaner(catalogue, clock, logger, () => expireMessages(catalogue, clock))
  const mover = new TaskMover(context)
  const measurer = new DepthMeasurer(context)
  const duties: [name: string, intervalMs: number, round: ServiceOptions['round']][] = [
    ['safety-tick', 1_500, () => safetyTick(context)],
    ['clock', 5_000, () => readClock(context)],
    ['log-segments', 60_000, () => ensureSegments(database)],
    ['segment-cleaner', 30_000, () => cleaner.round()],
    ['lease-expirer', 30_000, () => endOverdueLeases(catalogue)],
    ['retention', 60_000, () => expireMessages(catalogue, clock)],
    ['expired-sums', 60_000, () => sumExpired(catalogue)],
    ['fifo-lanes', 30_000, () => tidyFifoLanes(catalogue, clock)],
    ['dead-lanes', 10_000, () => clearDeadLanes(catalogue)],
    ['deleted-queues', 60_000, () => forgetDeletedQueues(catalogue)],
    ['move-tasks', 5_000, (signal) => mover.round(signal)],
    ['statistics-report', statisticsIntervalMs, () => context.reporter.round()],
    ['queue-depths', statisticsIntervalMs, (signal) => measurer.round(signal)],
    ['statistics-sample', statisticsIntervalMs, () => context.statistics.sample()],
    ['scaling', statisticsIntervalMs, (signal) => decideAll(context, signal)],
    ['statistics-tidying', 300_000, () => tidyStatistics(catalogue)],
    ['orphans', 10_000, () => sweeper.round()],
  ]
  return new Map(
    duties.map(([name, intervalMs, round]) => [name, new Service({ name, intervalMs, logger, observer, round })]),
  )
}
