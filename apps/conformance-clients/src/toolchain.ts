import type { Client } from './client.ts'

/** A program with its arguments. */
export interface Command {
  readonly command: string
  readonly args: readonly string[]
  /** Beside the variables that every command gets. */
  readonly env?: NodeJS.ProcessEnv
  /** Absent: where the client's files are. */
  readonly cwd?: string
}

/** Where a client's files are, and where what belongs to it is installed. */
export interface Places {
  readonly source: string
  /** The helpers that the programs of a language share. */
  readonly shared: string
  readonly installed: string
}

/** Knows how programs of one language are installed and started. */
export interface Toolchain {
  /** Commands that print the versions, with the oldest that will do. All have to be there. */
  readonly needs: readonly ToolNeed[]
  /** Commands that put the client's packages, in the versions that its manifest pins, into `places.installed`. */
  install(client: Client, places: Places): readonly Command[]
  start(client: Client, places: Places): Command
}

export interface ToolNeed extends Command {
  /** With this word in what the command prints, a number or two follow: `Python 3.11.7`. */
  readonly before: string
  readonly atLeast: readonly [major: number, minor: number]
}
