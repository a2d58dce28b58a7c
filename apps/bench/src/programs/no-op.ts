import { randomUUID } from 'node:crypto'
import { listen } from './sqs-stand-in.ts'

/** Stores nothing: what HTTP, JSON and digests alone cost. It hands out one message again and again. */
const message = { id: randomUUID(), handle: 'AQ'.repeat(35), body: 'x'.repeat(200) }

await listen({
  send: async (bodies) => bodies.map(() => randomUUID()),
  receive: async (count) => Array.from({ length: count }, () => message),
  delete: async () => undefined,
})
