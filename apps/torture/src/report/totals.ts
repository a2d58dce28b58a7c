import { addOperations, NO_OPERATIONS, sumOf } from '../history/operations.ts'
import { isRed, isVoid, type Judgement } from '../run/judge.ts'

/** How many violations of a checker are printed; all are in the file beside the history. */
const PRINTED_MAX = 5

/** What all rounds of a run have come to. */
export class Totals {
  readonly #checkers = new Map<string, { promises: readonly string[]; checked: number; violations: number }>()
  readonly #faults = new Map<string, number>()
  requests = 0
  operations = NO_OPERATIONS
  violations = 0
  rounds = 0
  redRounds = 0
  voidRounds = 0

  add(judgement: Judgement): void {
    this.rounds += 1
    if (isRed(judgement)) this.redRounds += 1
    if (isVoid(judgement)) this.voidRounds += 1
    this.requests += judgement.requests
    this.operations = addOperations(this.operations, judgement.operations)
    for (const { checker, promises, checked, violations } of judgement.verdicts) {
      const sum = this.#checkers.get(checker) ?? { promises, checked: 0, violations: 0 }
      this.#checkers.set(checker, sum)
      sum.checked += checked
      sum.violations += violations.length
      this.violations += violations.length
    }
    for (const fault of judgement.faults) this.#faults.set(fault, (this.#faults.get(fault) ?? 0) + 1)
  }

  /** Injected so far, of all kinds. */
  get faults(): number {
    return [...this.#faults.values()].reduce((sum, count) => sum + count, 0)
  }

  /** What was done, a line for each checker, and one for each fault. */
  toText(): string {
    const checkers = [...this.#checkers].map(([name, { promises, checked, violations }]) => {
      const verdict = violations > 0 ? `${violations} VIOLATIONS` : checked > 0 ? 'kept' : 'nothing to look at'
      return `  ${name.padEnd(24)}${promises.join(' ').padEnd(16)}${String(checked).padStart(10)} looked at  ${verdict}`
    })
    const faults = [...this.#faults].map(([name, count]) => `  ${name.padEnd(24)}${count}`)
    const { acknowledged, refused, unknown } = this.operations
    const done = {
      operations: `${sumOf(this.operations)}, of which ${acknowledged} acknowledged, ${refused} refused, ${unknown} unknown`,
      requests: this.requests,
      faults: this.faults,
      rounds: `${this.rounds}, of which ${this.redRounds} red, ${this.voidRounds} void`,
      violations: this.violations,
    }
    const lines = Object.entries(done).map(([name, text]) => `${name.padEnd(12)}${text}`)
    return [...lines, 'checkers', ...checkers, 'faults by kind', ...faults].join('\n')
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
