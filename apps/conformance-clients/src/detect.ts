import { runCommand } from './run-command.ts'
import type { Toolchain, ToolNeed } from './toolchain.ts'

const TIME_LIMIT_MS = 30_000

/** Why a toolchain cannot be used here, or `undefined` when it can. */
export async function whatIsMissing({ needs }: Pick<Toolchain, 'needs'>): Promise<string | undefined> {
  for (const need of needs) {
    const { exitCode, output } = await runCommand(need, { cwd: process.cwd(), timeLimitMs: TIME_LIMIT_MS })
    const problem = exitCode === 0 ? olderThanNeeded(output, need) : `there is no ${nameOf(need)}`
    if (problem !== undefined) return problem
  }
  return undefined
}

/** Reads the version out of what a tool says about itself. */
export function olderThanNeeded(output: string, need: ToolNeed): string | undefined {
  const wanted = need.atLeast.join('.')
  const after = output.slice(Math.max(0, output.indexOf(need.before)))
  const [, found, major, minor] = /((\d+)(?:\.(\d+))?)/.exec(after) ?? []
  if (found === undefined) return `${nameOf(need)} does not tell its version`
  const difference = Number(major) - need.atLeast[0] || Number(minor ?? 0) - need.atLeast[1]
  return difference < 0 ? `${nameOf(need)} is ${found}, ${wanted} or newer is needed` : undefined
}

const nameOf = ({ command, before }: ToolNeed) => (before === 'venv' ? `${command} with the module venv` : command)
