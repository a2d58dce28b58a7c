import type { EngineContext } from '../engine-context.ts'
import { TaskMover } from '../redrive/task-mover.ts'
import { clearDeadLanes, endOverdueLeases, expireMessages, forgetDeletedQueues, tidyFifoLanes } from './lane-keeper.ts'
import { ensureSegments } from './log-segments.ts'
import { OrphanSweeper } from './orphan-sweeper.ts'
import { readClock, safetyTick } from './safety-tick.ts'
import { SegmentCleaner } from './segment-cleaner.ts'
import { Service, type ServiceOptions } from './service.ts'

/** The background duties of a node by name, not started. Each is safe with any number of nodes. */
export function createServices(context: EngineContext): ReadonlyMap<string, Service> {
  const { logger, observer, database } = context
  const { catalogue, clock } = database
  const sweeper = new OrphanSweeper(catalogue)
  const cleaner = new SegmentCleaner(catalogue, clock, logger)
  const mover = new TaskMover(context)
  const duties: [name: string, intervalMs: number, round: ServiceOptions['round']][] = [
    ['safety-tick', 1_500, () => safetyTick(context)],
    ['clock', 5_000, () => readClock(context)],
    ['log-segments', 60_000, () => ensureSegments(database)],
    ['segment-cleaner', 30_000, () => cleaner.round()],
    ['lease-expirer', 30_000, () => endOverdueLeases(catalogue)],
    ['retention', 300_000, () => expireMessages(catalogue, clock)],
    ['fifo-lanes', 30_000, () => tidyFifoLanes(catalogue, clock)],
    ['dead-lanes', 10_000, () => clearDeadLanes(catalogue)],
    ['deleted-queues', 60_000, () => forgetDeletedQueues(catalogue)],
    ['move-tasks', 5_000, (signal) => mover.round(signal)],
    ['orphans', 10_000, () => sweeper.round()],
  ]
  return new Map(
    duties.map(([name, intervalMs, round]) => [name, new Service({ name, intervalMs, logger, observer, round })]),
  )
}
