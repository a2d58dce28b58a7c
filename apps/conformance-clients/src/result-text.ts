import type { ClientResult } from './run-client.ts'

const OUTPUT_LINES_MAX = 30
const NAME_WIDTH = 14

/** A line for what came out of a client; below it, when it failed, what was wrong and the end of what it printed. */
export function resultText(result: ClientResult): string {
  const name = result.client.name.padEnd(NAME_WIDTH)
  switch (result.outcome) {
    case 'passed': {
      const { using, stepCount, seconds } = result
      return `passed   ${name} ${using ?? 'an unknown version'}, ${stepCount} steps, ${seconds.toFixed(1)} s`
    }
    case 'skipped':
      return `skipped  ${name} ${result.why}`
    case 'failed': {
      const { using, problems, output } = result
      const last = output.trimEnd().split('\n').slice(-OUTPUT_LINES_MAX)
      const lines = [...problems.map((problem) => `  ✗ ${problem}`), ...last.map((line) => `  | ${line}`)]
      return [`failed   ${name} ${using ?? 'an unknown version'}`, ...lines].join('\n')
    }
  }
}
