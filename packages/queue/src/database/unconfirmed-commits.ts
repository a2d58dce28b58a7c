import type pg from 'pg'
import { QueueError } from '../errors.ts'

/** Where Postgres waits for a standby. Its warning is known by that, because its words follow the language of the server. */
const STANDBY_WAIT = 'SyncRepWaitForLSN'

/** Commits whose wait for a synchronous standby was given up: they answer like any other, but for a warning. */
export class UnconfirmedCommits {
  /** The warning that a connection's current statement brought. */
  readonly #warnings = new WeakMap<pg.ClientBase, string>()

  /** To be called for each new connection. */
  watch(client: pg.ClientBase): void {
    client.on('notice', ({ routine, message }) => {
      if (routine === STANDBY_WAIT) this.#warnings.set(client, message ?? STANDBY_WAIT)
    })
  }

  /**
   * To be called after each statement on the connection.
   * @throws QueueError `outcomeUnknown` when the standby did not confirm it (G23)
   */
  refuse(client: pg.ClientBase): void {
    const warning = this.#warnings.get(client)
    if (warning === undefined) return
    this.#warnings.delete(client)
    throw new QueueError('outcomeUnknown', 'The standby did not confirm in time; the request may have taken effect.', {
      cause: new Error(warning),
    })
  }
}
