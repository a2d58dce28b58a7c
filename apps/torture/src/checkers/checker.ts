import type { History, Span } from '../history/index-history.ts'

/** Looks through a history for signs that a promise was broken. Pure: the same history, the same findings. */
export interface Checker {
  readonly name: string
  /** By their numbers, as in `docs/architecture.md`. */
  readonly promises: readonly string[]
  check(history: History): Findings
}

/** A sign that a promise was broken. */
export interface Violation {
  /** In a sentence that names queue and message. */
  readonly text: string
  /** The requests that show it, by their ids. */
  readonly requests: readonly number[]
}

/** What a checker has found. */
export class Findings {
  /** How many things there were to look at. With none the checker has proved nothing. */
  checked = 0
  readonly violations: Violation[] = []

  /** Notes what was looked at, and what it shows when it is not right. */
  expect(isRight: boolean, text: () => string, ...spans: readonly Pick<Span, 'id'>[]): void {
    this.checked += 1
    if (!isRight) this.violations.push({ text: text(), requests: spans.map(({ id }) => id) })
  }
}

/**
 * How far apart the monotonic clock of the clients and the clock of the database may be over the length of a lease, rounding included. A
 * step of the database clock shifts leases and is not covered: see `database-time.ts`.
 */
export const CLOCK_MARGIN_MS = 50
