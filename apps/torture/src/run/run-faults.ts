import type { HistoryWriter } from '../history/history-writer.ts'
import type { Random } from '../random.ts'
import type { ServerNode } from '../system/server-node.ts'
import type { System } from '../system/system.ts'
import type { PlannedFault } from './plan-faults.ts'

const HELD_SECONDS_MAX = 20

/** Does to a system what was planned, as the history goes on, and returns when all is healed. An abort heals at once. */
export async function runFaults(
  system: System,
  history: HistoryWriter,
  plan: readonly PlannedFault[],
  random: Random,
  signal: AbortSignal,
): Promise<void> {
  // Healing takes as long as it takes: what is hit is whole again before the next fault hits it, and for as long as was planned. Each says
  // how many requests later than planned it was over.
  const whole = new Map<string, Promise<number>>()
  const all = plan.map(async (planned, i) => {
    const { fault, fromRequests, toRequests, server } = planned
    const target = fault.hits === 'server' ? `server ${server}` : fault.hits
    const before = whole.get(target)
    const done = (async () => {
      await history.untilEnded(fromRequests + ((await before) ?? 0), { signal })
      if (!signal.aborted) await runFault(system, history, planned, random.fork(`fault ${i}`), signal)
      return Math.max(0, history.ended - toRequests)
    })()
    whole.set(target, done)
    await done
  })
  await Promise.all(all)
}

async function runFault(
  system: System,
  history: HistoryWriter,
  { fault, fromRequests, toRequests, server: index, heldSecondsMax = HELD_SECONDS_MAX }: PlannedFault,
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
  const heal = await fault.inject({ system, server, random, history })
  history.fault({ ...about, step: 'injected' })
  const until = history.ended + toRequests - fromRequests
  await history.untilEnded(until, { signal, secondsMax: heldSecondsMax })
  history.fault({ ...about, step: 'healing' })
  await heal()
  history.fault({ ...about, step: 'healed' })
}
