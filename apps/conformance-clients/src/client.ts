import type { Toolchain } from './toolchain.ts'

/** A program that uses a public package as it is, with endpoint, region and keys set and nothing else. */
export interface Client {
  /** What `npm run conformance:clients -- <name>` calls it. */
  readonly name: string
  readonly toolchain: Toolchain
  /** The package whose `clients/` holds the program; what is installed goes into its `.cache/`. */
  readonly home: string
  /** Below `clients/`. */
  readonly directory: string
  /** The pinned versions, in the directory. */
  readonly manifest: string
  /** Files elsewhere that it is built from. */
  readonly inputs?: readonly string[]
  /** What starts the program, by the toolchain's way: a file in the directory, or the name of a class. */
  readonly program: string
  /** Absent: five minutes. */
  readonly timeLimitMs?: number
  /** The steps that the program has to print, see `readSteps`. */
  readonly steps: readonly string[]
}
