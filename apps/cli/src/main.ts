import { run } from './run.ts'

/** The entry point of the process: its streams and signals in, an exit code out. */

const ended = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => ended.abort(new Error('interrupted')))
}
// Whoever read our answer has seen enough of it, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

const { stdin, stdout, stderr, env } = process
process.exitCode = await run(process.argv.slice(2), { stdin, stdout, stderr, env, signal: ended.signal })
// A pipe or a terminal that is still open for reading would keep the process.
stdin.unref?.()
stdin.destroy()
