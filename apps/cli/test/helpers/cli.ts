import { PassThrough } from 'node:stream'
import { run } from '../../src/run.ts'

/** What a command line came to. */
export interface Outcome {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** What a command line is given besides its words. */
export interface Surroundings {
  readonly url?: string
  readonly env?: Record<string, string>
  /** The standard input, whole. */
  readonly input?: string | Uint8Array
  /** Typed by somebody at a terminal, which the input and the errors go to then. */
  readonly typed?: string
  readonly signal?: AbortSignal
}

/** Runs a command line in this process. */
export async function cli(args: readonly string[], surroundings: Surroundings = {}): Promise<Outcome> {
  const { url, env = {}, input = '', typed, signal = new AbortController().signal } = surroundings
  const isTerminal = typed !== undefined
  const stdin = Object.assign(new PassThrough(), { isTTY: isTerminal })
  const stdout = Object.assign(new PassThrough(), { columns: 100 })
  const stderr = new PassThrough()
  const out = text(stdout)
  const err = text(stderr)
  stdin.end(typed ?? input)
  const code = await run(args, {
    stdin,
    stdout,
    stderr,
    env: { ...(url === undefined ? {} : { STANCHION_URL: url }), ...env },
    signal,
  })
  return { code, out: out(), err: err() }
}

function text(stream: PassThrough): () => string {
  const chunks: Buffer[] = []
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  return () => Buffer.concat(chunks).toString()
}

/** The objects of an NDJSON text. */
export function objects(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}
