import { SingleBar } from 'cli-progress'

/** Shows how a run goes on: a bar of its time in a terminal, and lines in any case. */
export class Progress {
  readonly #bar: SingleBar | undefined
  readonly #timer: NodeJS.Timeout | undefined

  constructor(minutes: number) {
    if (!process.stderr.isTTY) return
    const beganMs = performance.now()
    const seconds = Math.round(minutes * 60)
    const bar = new SingleBar({
      format: '{bar} {percentage}%, {duration_formatted} gone',
      stream: process.stderr,
    })
    bar.start(seconds, 0)
    this.#bar = bar
    this.#timer = setInterval(() => {
      bar.update(Math.min(seconds, Math.round((performance.now() - beganMs) / 1000)))
    }, 1_000)
  }

  say(text: string): void {
    if (this.#bar !== undefined) process.stderr.write('\r\x1b[K')
    process.stderr.write(`${text}\n`)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#bar?.stop()
  }
}
