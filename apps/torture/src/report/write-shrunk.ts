import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CHECKERS } from '../checkers/index.ts'
import { readHistory } from '../history/read-history.ts'
import type { Judgement } from '../run/judge.ts'
import { describeEvents } from '../shrink/describe-events.ts'
import { shrinkHistory } from '../shrink/shrink-history.ts'

/** What was written of the first violation of a checker. */
export interface ShrunkViolation {
  readonly checker: string
  /** A history that shows it by itself. */
  readonly file: string
  readonly requests: number
}

/**
 * Writes beside a history what is left of it when all is left out that its violations do not need, for each checker that is red: as a
 * history, and as a list of commands.
 */
export function writeShrunk(
  historyFile: string,
  { verdicts }: Judgement,
  directory: string,
): readonly ShrunkViolation[] {
  const events = readHistory(historyFile)
  return verdicts.flatMap(({ checker: name, violations }) => {
    const checker = CHECKERS.find((each) => each.name === name)
    const [violation] = violations
    if (checker === undefined || violation === undefined) return []
    const shrunk = shrinkHistory(events, checker, violation)
    mkdirSync(directory, { recursive: true })
    const file = join(directory, `${name.replaceAll(' ', '-')}.jsonl`)
    writeFileSync(file, shrunk.map((event) => `${JSON.stringify(event)}\n`).join(''))
    writeFileSync(file.replace(/jsonl$/, 'txt'), `${name}: ${violation.text}\n\n${describeEvents(shrunk)}\n`)
    return [{ checker: name, file, requests: shrunk.filter(({ type }) => type === 'invoke').length }]
  })
}
