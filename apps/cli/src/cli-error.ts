/** How a run ended, for scripts. */
export const EXIT = {
  done: 0,
  /** It was refused, or could not be done. */
  failed: 1,
  /** The command line itself is wrong; nothing was asked of the server. */
  usage: 2,
  /** It may have taken effect or not. */
  outcomeUnknown: 3,
  /** The user ended it. */
  interrupted: 130,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** A failure that is the command line's own to explain. */
export class CliError extends Error {
  readonly exitCode: ExitCode
  /** What to do about it. */
  readonly hint: string | undefined

  constructor(message: string, { hint, exitCode = EXIT.failed }: { hint?: string; exitCode?: ExitCode } = {}) {
    super(message)
    this.hint = hint
    this.exitCode = exitCode
  }
}

/** The command line is wrong in a way that its grammar cannot say. */
export function usageError(message: string, hint?: string): CliError {
  return new CliError(message, { exitCode: EXIT.usage, ...(hint === undefined ? {} : { hint }) })
}
