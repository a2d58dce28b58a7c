// Loaded into every program that run.mjs starts: when run.mjs has gone without a word (kill -9), the program ends too,
// in its usual orderly way.
import { isMainThread } from 'node:worker_threads'

if (isMainThread && process.channel) {
  process.channel.unref()
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
}
