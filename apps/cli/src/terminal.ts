import type { Readable } from 'node:stream'

/** A stream to write to, which may be a terminal. */
export type OutputStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }

/** Where a run of the command line reads from and writes to. */
export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean }
  /** What the command answers, and nothing else, so that it can be piped. */
  readonly stdout: OutputStream
  /** What it says meanwhile: questions, progress, errors. */
  readonly stderr: OutputStream
  readonly env: Readonly<Record<string, string | undefined>>
  /** Aborted when the user wants the command to end. */
  readonly signal: AbortSignal
}
