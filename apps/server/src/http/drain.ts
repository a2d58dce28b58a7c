import type { onSendHookHandler } from 'fastify'

/** Whether the server is on its way out. */
export class Drain {
  #started = false

  get started(): boolean {
    return this.#started
  }

  start(): void {
    this.#started = true
  }
}

/** Tells every client whose request is answered during a stop that its connection ends with this answer. */
export function closeConnectionsOnce(drain: Drain): onSendHookHandler {
  return (_request, reply, payload, done) => {
    if (drain.started) reply.header('connection', 'close')
    done(null, payload)
  }
}
