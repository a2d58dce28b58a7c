import { readFileSync } from 'node:fs'
import type { HistoryEvent } from './event.ts'

/** Reads a history file. A last line that was cut off, because its writer was killed, is passed over. */
export function readHistory(path: string): readonly HistoryEvent[] {
  const lines = readFileSync(path, 'utf8').split('\n')
  // Behind the last line break is nothing, or what was cut off.
  lines.pop()
  return lines.map((line) => JSON.parse(line) as HistoryEvent)
}
