import { Presets, SingleBar } from 'cli-progress'
import type { OutputStream } from '../terminal.ts'

/** Shows how far a long piece of work has come. */
export interface Progress {
  update(done: number, total?: number): void
  stop(): void
}

/** A bar on a terminal; nothing where nobody watches. */
export function startProgress(stream: OutputStream, label: string, total: number): Progress {
  if (stream.isTTY !== true) return { update() {}, stop() {} }
  const bar = new SingleBar(
    {
      stream,
      format: `${label} {bar} {value}/{total}  {percentage} %  {duration_formatted}`,
      hideCursor: true,
      fps: 5,
    },
    Presets.shades_classic,
  )
  bar.start(total, 0)
  return {
    update(done, newTotal) {
      if (newTotal !== undefined) bar.setTotal(newTotal)
      bar.update(done)
    },
    stop: () => bar.stop(),
  }
}
