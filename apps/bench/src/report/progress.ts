import { SingleBar } from 'cli-progress'
import type { Reporter } from '../run-scenario.ts'

/** Shows how a run goes on: a bar in a terminal, and a line for each round in any case. */
export class Progress implements Reporter {
  readonly #bar: SingleBar | undefined

  /** @param rounds how many rounds of entrants there will be at most */
  constructor(rounds: number) {
    if (!process.stderr.isTTY) return
    this.#bar = new SingleBar({
      format: '{bar} {percentage}%, {duration_formatted} gone, {eta_formatted} to go',
      stream: process.stderr,
      etaBuffer: 20,
    })
    this.#bar.start(rounds, 0)
  }

  round(entrant: string, text: string): void {
    this.say(`  ${entrant}: ${text}`)
    this.#bar?.increment()
  }

  say(text: string): void {
    if (this.#bar !== undefined) process.stderr.write('\r\x1b[K')
    console.error(text)
    this.#bar?.updateETA()
  }

  stop(): void {
    this.#bar?.stop()
  }
}
