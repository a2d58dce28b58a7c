import type { Fault } from '../faults/fault.ts'
import type { Random } from '../random.ts'

/** When a fault comes and goes, by the number of requests that have ended: the same for the same seed, on any machine. */
export interface PlannedFault {
  readonly fault: Fault
  readonly fromRequests: number
  readonly toRequests: number
  /** Which server is hit, from 0. */
  readonly server: number
}

/** The run begins and ends with a quiet time, as shares of all its requests. */
const QUIET_AT_FIRST = 0.08
const QUIET_AT_LAST = 0.15
const FAULT_SHARE = [0.02, 0.06] as const
const QUIET_SHARE = [0.01, 0.05] as const
const TOGETHER_CHANCE = 0.35

/** Fills a run with faults, alone and two at a time, and quiet times between them. */
export function planFaults(
  random: Random,
  faults: readonly Fault[],
  requests: number,
  servers: number,
): readonly PlannedFault[] {
  const plan: PlannedFault[] = []
  const share = ([min, max]: readonly [number, number]) => Math.round(requests * (min + random.next() * (max - min)))
  let at = Math.round(requests * QUIET_AT_FIRST)
  // Each of them comes once before any comes twice.
  let left: Fault[] = []
  while (faults.length > 0) {
    const end = at + share(FAULT_SHARE)
    if (end > requests * (1 - QUIET_AT_LAST)) break
    if (left.length === 0) left = random.shuffle(faults)
    const fault = left.shift() as Fault
    const server = random.between(0, servers - 1)
    plan.push({ fault, fromRequests: at, toRequests: end, server })
    const other = random.pick(faults)
    const isElsewhere = other.hits !== fault.hits || (other.hits === 'server' && servers > 1)
    if (isElsewhere && random.chance(TOGETHER_CHANCE)) {
      const from = Math.round(at + (end - at) * random.next())
      const to = from + share(FAULT_SHARE)
      const otherServer = other.hits === fault.hits ? (server + 1) % servers : random.between(0, servers - 1)
      plan.push({ fault: other, fromRequests: from, toRequests: to, server: otherServer })
      at = Math.max(end, to)
    } else {
      at = end
    }
    at += share(QUIET_SHARE)
  }
  return plan
}
