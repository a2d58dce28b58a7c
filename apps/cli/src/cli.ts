import { createClient, type StanchionClient } from '@stanchion/client'
import { usageError } from './cli-error.ts'
import { type Format, Output } from './output/output.ts'
import type { Terminal } from './terminal.ts'

/** What stands before or after any command. */
export interface GlobalOptions {
  readonly url: string
  readonly accessKey?: string | undefined
  readonly output: Format
  readonly timeoutSeconds: number
}

/** What a command works with. It is made before the options are read, so it reads them when they are asked for. */
export class Cli {
  readonly terminal: Terminal
  readonly #options: () => GlobalOptions
  #client: StanchionClient | undefined

  constructor(terminal: Terminal, options: () => GlobalOptions) {
    this.terminal = terminal
    this.#options = options
  }

  /** @throws CliError when the address or the key is none */
  get client(): StanchionClient {
    const { url, accessKey, timeoutSeconds } = this.#options()
    try {
      this.#client ??= createClient({
        baseUrl: url,
        accessKey,
        timeoutSeconds,
        attemptTimeoutSeconds: Math.min(10, timeoutSeconds),
      })
    } catch (error) {
      throw usageError(`The server cannot be called: ${(error as Error).message}`)
    }
    return this.#client
  }

  get output(): Output {
    return new Output(this.terminal.stdout, this.#options().output)
  }

  /** Says something that is not the answer, to people. */
  say(sentence: string): void {
    this.terminal.stderr.write(`${sentence}\n`)
  }

  /** What every call of a command is given: it ends when the user wants. */
  get call(): { readonly signal: AbortSignal } {
    return { signal: this.terminal.signal }
  }
}
