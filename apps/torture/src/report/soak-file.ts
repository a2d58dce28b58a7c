import { appendFileSync } from 'node:fs'
import type { RestEvent } from '../history/event.ts'
import { sumOf } from '../history/operations.ts'
import { isRed, type Judgement } from '../run/judge.ts'

/** Appends a line about a round to the file of a soak: what was done, and what servers and database held afterwards. */
export function appendSoakLine(file: string, seed: string, judgement: Judgement): void {
  const { operations, requests, faults, rests } = judgement
  const round = Math.max(0, ...rests.map((rest) => rest.round))
  const now = rests.filter((rest) => rest.round === round)
  const part = <T extends RestEvent['type']>(type: T) =>
    now.filter((rest) => rest.type === type).map(({ type: _, round: __, atMs, ...held }) => held)
  const line = {
    ...{ at: new Date().toISOString(), seed, round, isRed: isRed(judgement), operations: sumOf(operations), requests },
    ...{ faults: faults.length, servers: part('server'), database: part('database')[0] },
  }
  appendFileSync(file, `${JSON.stringify(line)}\n`)
}
