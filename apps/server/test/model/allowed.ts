import { isDeepStrictEqual } from 'node:util'
import type { Outcome, Refusal } from './doors/door.ts'

/** Every answer that a door may give, each with what has happened when it does. */
export type Allowed<T = unknown> = ReadonlyMap<'done' | Refusal, (value: T) => void>

/** The only answer, of a request that changes something or shows something. */
export function only<T>(apply: (value: T) => void): Allowed<T> {
  return new Map([['done', apply]])
}

/** A request that is refused, with one of these refusals, and changes nothing. */
export function refusal(...refusals: readonly Refusal[]): Allowed {
  return new Map(refusals.map((each) => [each, () => {}]))
}

/** Lets happen what an answer says. @throws Error when the answer is none of those that are allowed */
export function settle<T>(allowed: Allowed<T>, outcome: Outcome<T>): void {
  const answer = outcome.ok ? 'done' : outcome.refusal
  const apply = allowed.get(answer)
  must(apply !== undefined, `the answer is "${answer}", allowed are: ${[...allowed.keys()].join(', ')}`)
  apply(outcome.ok ? outcome.value : (undefined as T))
}

/** Settles a batch: each entry has answers of its own. */
export function settleEach<T>(allowed: readonly Allowed<T>[], outcomes: readonly Outcome<T>[]): void {
  must(outcomes.length === allowed.length, `${outcomes.length} results for ${allowed.length} entries`)
  outcomes.forEach((outcome, i) => {
    settle(allowed[i] as Allowed<T>, outcome)
  })
}

/** @throws Error with the text when the condition does not hold */
export function must(condition: boolean, text: string): asserts condition {
  if (!condition) throw new Error(text)
}

/** @throws Error when what was shown is not what it should be */
export function mustEqual(actual: unknown, expected: unknown, what: string): void {
  const [shown, wanted] = [actual, expected].map((each) => JSON.stringify(each))
  must(
    isDeepStrictEqual(JSON.parse(shown as string), JSON.parse(wanted as string)),
    `${what}: ${shown} instead of ${wanted}`,
  )
}
