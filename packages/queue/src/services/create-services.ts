import type { EngineContext } from '../engine-context.ts'
import { ensureSegments } from './log-segments.ts'
import { readClock, safetyTick } from './safety-tick.ts'
import { Service } from './service.ts'

/** The background duties of a node, not started. Each is safe with any number of nodes. */
export function createServices(context: EngineContext): Service[] {
  const { logger, observer, database } = context
  const service = (name: string, intervalMs: number, round: () => Promise<void>) =>
    new Service({ name, intervalMs, logger, observer, round })
  return [
    service('safety-tick', 1_500, () => safetyTick(context)),
    service('clock', 5_000, () => readClock(context)),
    service('log-segments', 60_000, () => ensureSegments(database)),
  ]
}
