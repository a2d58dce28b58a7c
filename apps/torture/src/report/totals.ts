import { isRed, type Judgement } from '../run/judge.ts'

/** How many violations of a checker are printed; all are in the file beside the history. */
const PRINTED_MAX = 5

/** What all rounds of a run have come to. */
export class Totals {
  readonly #checkers = new Map<string, { promises: readonly string[]; checked: number; violations: number }>()
  readonly #faults = new Map<string, number>()
  #requests = 0
  rounds = 0
  redRounds = 0

  add(judgement: Judgement): void {
    this.rounds += 1
    if (isRed(judgement)) this.redRounds += 1
    this.#requests += judgement.requests
    for (const { checker, promises, checked, violations } of judgement.verdicts) {
      const sum = this.#checkers.get(checker) ?? { promises, checked: 0, violations: 0 }
      this.#checkers.set(checker, sum)
      sum.checked += checked
      sum.violations += violations.length
    }
    for (const fault of judgement.faults) this.#faults.set(fault, (this.#faults.get(fault) ?? 0) + 1)
  }

  /** A line for each checker and each fault. */
  toText(): string {
    const checkers = [...this.#checkers].map(([name, { promises, checked, violations }]) => {
      const verdict = violations > 0 ? `${violations} VIOLATIONS` : checked > 0 ? 'kept' : 'nothing to look at'
      return `  ${name.padEnd(24)}${promises.join(' ').padEnd(16)}${String(checked).padStart(10)} looked at  ${verdict}`
    })
    const faults = [...this.#faults].map(([name, count]) => `  ${name.padEnd(24)}${count}`)
    const faultCount = [...this.#faults.values()].reduce((sum, count) => sum + count, 0)
    const sum = `${this.rounds} rounds, ${this.redRounds} of them red; ${this.#requests} requests, ${faultCount} faults`
    return [sum, ...checkers, 'faults', ...faults].join('\n')
  }
}

/** The first violations of each checker, with the requests that show them. */
export function describeViolations({ verdicts }: Judgement): string {
  return verdicts
    .flatMap(({ checker, violations }) => {
      const lines = violations
        .slice(0, PRINTED_MAX)
        .map(
          ({ text, requests }) =>
            `  ${checker}: ${text}${requests.length === 0 ? '' : ` (requests ${requests.join(', ')})`}`,
        )
      const left = violations.length - lines.length
      return left > 0 ? [...lines, `  ${checker}: and ${left} more`] : lines
    })
    .join('\n')
}
