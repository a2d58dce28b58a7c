import type { Loads } from '../scenarios.ts'
import { FAIRNESS } from './fairness.ts'
import { IDLE_POLLS } from './idle-polls.ts'
import type { Kind } from './kind.ts'
import { LATENCY } from './latency.ts'
import { LOAD } from './load.ts'
import { SCRAPE } from './scrape.ts'
import { SPACE } from './space.ts'

/** How each kind of scenario is measured. */
export const KINDS: { readonly [Name in keyof Loads]: Kind<Loads[Name]> } = {
  load: LOAD,
  latency: LATENCY,
  idlePolls: IDLE_POLLS,
  fairness: FAIRNESS,
  scrape: SCRAPE,
  space: SPACE,
}
