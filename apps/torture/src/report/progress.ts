import { SingleBar } from 'cli-progress'
import type { HistoryWriter } from '../history/history-writer.ts'
import { sumOf } from '../history/operations.ts'
import type { Totals } from './totals.ts'

/** Between two lines where there is no terminal. */
const LINE_SECONDS = 60

/** Shows how a run goes on: a line that is kept up to date in a terminal, and one every minute elsewhere. */
export class Progress {
  readonly #totals: Totals
  readonly #bar: SingleBar | undefined
  readonly #timer: NodeJS.Timeout
  readonly #beganMs = performance.now()
  readonly #minutes: number
  #history: HistoryWriter | undefined

  /** @param totals of the rounds that are over */
  constructor(minutes: number, totals: Totals) {
    this.#totals = totals
    this.#minutes = minutes
    if (process.stderr.isTTY) {
      this.#bar = new SingleBar({ format: '{bar} {status}', stream: process.stderr })
      this.#bar.start(Math.round(minutes * 60), 0, { status: '' })
    }
    this.#timer = setInterval(() => this.#show(), this.#bar === undefined ? LINE_SECONDS * 1000 : 1_000)
  }

  /** What is done from now on is in this history, until its round is in the totals. */
  follow(history: HistoryWriter): void {
    this.#history = history
  }

  say(text: string): void {
    if (this.#bar !== undefined) process.stderr.write('\r\x1b[K')
    process.stderr.write(`${text}\n`)
  }

  /** The round that was followed is in the totals, or will never be. */
  unfollow(): void {
    this.#history = undefined
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#bar?.stop()
  }

  #show(): void {
    const goneMinutes = (performance.now() - this.#beganMs) / 60_000
    const { rounds, operations, faults } = this.#totals
    const { operations: made, faults: done } = this.#history ?? { operations: undefined, faults: 0 }
    const status =
      `round ${rounds + 1}, ${sumOf(operations) + (made === undefined ? 0 : sumOf(made))} operations, ` +
      `${faults + done} faults, ${Math.max(0, this.#minutes - goneMinutes).toFixed(1)} minutes left`
    if (this.#bar === undefined) this.say(status)
    else this.#bar.update(Math.min(this.#bar.getTotal(), Math.round(goneMinutes * 60)), { status })
  }
}
