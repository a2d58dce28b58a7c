import { CommanderError } from '@commander-js/extra-typings'
import { EXIT, type ExitCode } from './cli-error.ts'
import { createProgram } from './create-program.ts'
import { explainError } from './explain-error.ts'
import type { Terminal } from './terminal.ts'

/** Runs one command line (without the program's own name). Failures are explained on the error stream; never rejects. */
export async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    await createProgram(terminal).parseAsync([...args], { from: 'user' })
    return EXIT.done
  } catch (error) {
    if (terminal.signal.aborted) return EXIT.interrupted
    // Commander has said what is wrong with the command line, or shown the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage
    const { message, exitCode } = explainError(error)
    terminal.stderr.write(message)
    return exitCode
  }
}
