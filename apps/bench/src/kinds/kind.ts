import type { Contender } from '../contenders/contender.ts'

/** What an entrant came to in a round, by the keys of its kind's columns and perhaps more. */
export type Figures = Readonly<Record<string, number>>

/** A column of a report. */
export interface Column {
  readonly key: string
  readonly title: string
  readonly digits: number
}

/** What a run is told. */
export interface RunSettings {
  /** How long a round of load lasts. */
  readonly seconds: number
  /** Divides backlogs and numbers of queues, for a quick look. */
  readonly scale: number
  readonly postgresPid: number
}

/**
 * A way to measure. `Load` is what an entrant of such a scenario says about its load.
 */
export interface Kind<Load> {
  readonly columns: readonly Column[]
  /** The column that entrants are compared by. */
  readonly compared: string
  readonly isLessBetter?: boolean
  /** Makes the queues an entrant needs. @returns what runs one round */
  enter(contender: Contender, load: Load, settings: RunSettings): Promise<(settings: RunSettings) => Promise<Figures>>
}

let queues = 0

/** A name that no other queue of the run has. */
export function newQueueName(isFifo = false): string {
  return `bench-${queues++}${isFifo ? '.fifo' : ''}`
}
