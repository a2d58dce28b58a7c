import type { HistoryWriter } from '../history/history-writer.ts'
import type { Random } from '../random.ts'
import type { ServerNode } from '../system/server-node.ts'
import type { System } from '../system/system.ts'
import type { PlannedFault } from './plan-faults.ts'

/** A fault is over after so long, although too few requests have ended: some make all of them wait. */
const HELD_SECONDS_MAX = 20

/** Does to a system what was planned, as the history goes on, and returns when all is healed. An abort heals at once. */
export async function runFaults(
  system: System,
  history: HistoryWriter,
  plan: readonly PlannedFault[],
  random: Random,
  signal: AbortSignal,
): Promise<void> {
  // Healing takes as long as it takes: what is hit is whole again before the next fault hits it.
  const whole = new Map<string, Promise<void>>()
  const all = plan.map(async (planned, i) => {
    const { fault, fromRequests, server } = planned
    const target = fault.hits === 'server' ? `server ${server}` : fault.hits
    const before = whole.get(target)
    const done = (async () => {
      await before
      await history.untilEnded(fromRequests, { signal })
      if (!signal.aborted) await runFault(system, history, planned, random.fork(`fault ${i}`), signal)
    })()
    whole.set(target, done)
    await done
  })
  await Promise.all(all)
}

async function runFault(
  system: System,
  history: HistoryWriter,
  { fault, fromRequests, toRequests, server: index }: PlannedFault,
  random: Random,
  signal: AbortSignal,
): Promise<void> {
  const server = system.servers[index] as ServerNode
  const about = {
    id: history.nextFaultId(),
    fault: fault.name,
    ...(fault.stops === undefined ? {} : { stops: fault.stops }),
    ...(fault.hits === 'server' ? { server: server.name } : {}),
    ...(fault.isOrderly === undefined ? {} : { isOrderly: fault.isOrderly }),
  }
  history.fault({ ...about, step: 'injecting' })
  const heal = await fault.inject({ system, server, random })
  history.fault({ ...about, step: 'injected' })
  const until = history.ended + toRequests - fromRequests
  await history.untilEnded(until, { signal, secondsMax: HELD_SECONDS_MAX })
  history.fault({ ...about, step: 'healing' })
  await heal()
  history.fault({ ...about, step: 'healed' })
}
