import { createInterface } from 'node:readline/promises'
import type { Cli } from '../cli.ts'
import { CliError, usageError } from '../cli-error.ts'

/** How a command that destroys something is told to do it. */
export interface DestroyOptions {
  readonly dryRun?: true | undefined
  readonly yes?: true | undefined
}

/**
 * Whether to go on with what cannot be undone. With `--dry-run` it says what would be done and answers `false`; with `--yes`
 * it goes on; else it asks, and wants the name of what is at stake.
 * @throws CliError when there is nobody to ask, or the answer is another
 */
export async function confirmed(cli: Cli, act: string, name: string, options: DestroyOptions): Promise<boolean> {
  if (options.dryRun === true) {
    cli.output.done(`Would ${act}. Nothing was done.`, { dryRun: true, would: act })
    return false
  }
  if (options.yes === true) return true
  const { stdin, stderr, signal } = cli.terminal
  if (stdin.isTTY !== true) {
    throw usageError(`This would ${act}, and there is nobody to ask.`, 'Add --yes to do it, or --dry-run to see more.')
  }
  const questions = createInterface({ input: stdin, output: stderr, terminal: stderr.isTTY === true })
  try {
    const answer = await questions.question(`This will ${act}. It cannot be undone.\nType ${name} to go on: `, {
      signal,
    })
    if (answer.trim() !== name) throw new CliError('The answer was another; nothing was done.')
    return true
  } finally {
    questions.close()
  }
}
