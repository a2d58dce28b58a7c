import { missingForFakedClock } from '../system/faked-clock.ts'
import type { Fault, Heal, Hit } from './fault.ts'

/** What was leased or delayed meanwhile is waited for by the drain, so a step that lengthens it for good is short. */
const SHORT_MS = [1_000, 8_000] as const
const LONG_MS = [20_000, 900_000] as const

/** Short steps are taken back, long ones stay: somebody has set the clock. */
export const stepClockForward: Fault = {
  name: 'step-clock-forward',
  about: 'the clock of Postgres jumps ahead by seconds, and back again, or by minutes, and stays',
  hits: 'postgres',
  on: 'clocks',
  needs: missingForFakedClock,
  async inject(hit) {
    const isShort = hit.random.chance(0.5)
    const byMs = sizeOf(hit, isShort)
    step(hit, byMs)
    return isShort ? back(hit, byMs) : async () => {}
  },
}

/** Short steps stay, long ones are taken back. */
export const stepClockBack: Fault = {
  name: 'step-clock-back',
  about: 'the clock of Postgres jumps back by seconds, and stays, or by minutes, and ahead again',
  hits: 'postgres',
  on: 'clocks',
  needs: missingForFakedClock,
  async inject(hit) {
    const isShort = hit.random.chance(0.5)
    const byMs = -sizeOf(hit, isShort)
    step(hit, byMs)
    return isShort ? async () => {} : back(hit, byMs)
  },
}

/** The clock of a server decides nothing, so nobody may notice. */
export const skewServerClock: Fault = {
  name: 'skew-server-clock',
  about: 'the clock of a server is minutes off',
  hits: 'server',
  on: 'clocks',
  needs: missingForFakedClock,
  async inject({ server: { clock }, random }) {
    const byMs = random.between(...LONG_MS) * random.pick([1, -1])
    clock?.step(byMs)
    return async () => clock?.step(-byMs)
  },
}

function sizeOf({ random }: Hit, isShort: boolean): number {
  const [least, most] = isShort ? SHORT_MS : LONG_MS
  return random.between(least, most)
}

/** Says so in the history: leases and delays are shifted with the clock that they go by. */
function step({ system, history }: Hit, byMs: number): void {
  history.clock({ step: 'moving', byMs })
  system.clock?.step(byMs)
  history.clock({ step: 'moved', byMs })
}

function back(hit: Hit, byMs: number): Heal {
  return async () => step(hit, -byMs)
}
