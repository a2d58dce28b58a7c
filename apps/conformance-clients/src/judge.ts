import { readSteps } from './read-steps.ts'
import type { CommandResult } from './run-command.ts'

/** Everything that was wrong with a run of a program, a line each; empty when all steps passed. */
export function judge({ exitCode, output, timedOut }: CommandResult, expected: readonly string[]): string[] {
  const { steps } = readSteps(output)
  const failed = steps.filter(({ problem }) => problem !== undefined)
  const problems = failed.map(({ name, problem }) => `${name}: ${problem}`)
  const told = new Set(steps.map(({ name }) => name))
  const absent = expected.filter((name) => !told.has(name))
  if (absent.length > 0) problems.push(`not reached: ${absent.join(', ')}`)
  const unknown = steps.filter(({ name }) => !expected.includes(name))
  if (unknown.length > 0) problems.push(`not in the list of steps: ${unknown.map(({ name }) => name).join(', ')}`)
  if (timedOut) problems.push('it did not end in time')
  else if (exitCode !== 0 && failed.length === 0) problems.push(`it ended with exit code ${exitCode ?? 'none'}`)
  return problems
}
