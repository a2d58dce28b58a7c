import type { Fault } from '../faults/fault.ts'
import type { Random } from '../random.ts'

/** When a fault comes and goes, by the number of requests that have ended: the same for the same seed, on any machine. */
export interface PlannedFault {
  readonly fault: Fault
  readonly fromRequests: number
  readonly toRequests: number
  /** Which server is hit, from 0. */
  readonly server: number
  /** Is over after so long, although too few requests have ended: some faults make all of them wait. Default: 20. */
  readonly heldSecondsMax?: number
}

/** The run begins and ends with a quiet time, as shares of all its requests. */
const QUIET_AT_FIRST = 0.08
const QUIET_AT_LAST = 0.15
const FAULT_SHARE = [0.01, 0.03] as const
const QUIET_SHARE = [0.005, 0.02] as const
/** Now and then long enough for all to come to rest. */
const LONG_QUIET_SHARE = [0.06, 0.1] as const
const LONG_QUIET_CHANCE = 0.3
const TOGETHER_CHANCE = 0.35
const HELD_SECONDS_MAX = [1, 4] as const
/** Longer than the deadline of a server, and than a client has patience. */
const LONG_HELD_SECONDS_MAX = 17
const LONG_HELD_CHANCE = 0.08

/** Fills a run with faults, alone and two at a time, and quiet times between them. */
export function planFaults(
  random: Random,
  faults: readonly Fault[],
  requests: number,
  servers: number,
): readonly PlannedFault[] {
  const plan: PlannedFault[] = []
  const share = ([min, max]: readonly [number, number]) => Math.round(requests * (min + random.next() * (max - min)))
  const heldSecondsMax = () =>
    random.chance(LONG_HELD_CHANCE) ? LONG_HELD_SECONDS_MAX : random.between(...HELD_SECONDS_MAX)
  let at = Math.round(requests * QUIET_AT_FIRST)
  // Each of them comes once before any comes twice.
  let left: Fault[] = []
  while (faults.length > 0) {
    const end = at + share(FAULT_SHARE)
    if (end > requests * (1 - QUIET_AT_LAST)) break
    if (left.length === 0) left = random.shuffle(faults)
    const fault = left.shift() as Fault
    const server = random.between(0, servers - 1)
    plan.push({ fault, fromRequests: at, toRequests: end, server, heldSecondsMax: heldSecondsMax() })
    const other = random.pick(faults)
    const isElsewhere = other.hits !== fault.hits || (other.hits === 'server' && servers > 1)
    if (isElsewhere && random.chance(TOGETHER_CHANCE)) {
      const from = Math.round(at + (end - at) * random.next())
      const to = from + share(FAULT_SHARE)
      const otherServer = other.hits === fault.hits ? (server + 1) % servers : random.between(0, servers - 1)
      plan.push({
        fault: other,
        fromRequests: from,
        toRequests: to,
        server: otherServer,
        heldSecondsMax: heldSecondsMax(),
      })
      at = Math.max(end, to)
    } else {
      at = end
    }
    at += share(random.chance(LONG_QUIET_CHANCE) ? LONG_QUIET_SHARE : QUIET_SHARE)
  }
  return plan
}
