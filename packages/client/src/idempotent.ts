import type { MessageHandler } from './consumer/consumer-options.ts'
import type { Message } from './types.ts'

/** Remembers which work was done. Keep it where the work is kept, to remember across restarts and between workers. */
export interface SeenStore {
  /** Takes the key unless somebody has it: `claimed` now, `running` elsewhere, or `done` already. In one step, like an insert. */
  claim(key: string): Promise<'claimed' | 'running' | 'done'> | 'claimed' | 'running' | 'done'
  /** The work of a claimed key is done. */
  finish(key: string): Promise<void> | void
  /** The work of a claimed key failed; the next one may try. */
  abandon(key: string): Promise<void> | void
}

export interface IdempotentOptions {
  readonly store: SeenStore
  /** What makes two messages the same work: the message id when absent, which only knows one message delivered twice. */
  readonly keyOf?: ((message: Message) => string) | undefined
}

/**
 * A handler that does the work of a key once: a message whose work is done is deleted without a word, one whose work is running
 * elsewhere fails and comes back.
 */
export function idempotent(handle: MessageHandler, options: IdempotentOptions): MessageHandler {
  const { store, keyOf = ({ messageId }) => messageId } = options
  return async (message, context) => {
    const key = keyOf(message)
    const state = await store.claim(key)
    if (state === 'done') return
    if (state === 'running') throw new Error(`The work of ${key} is running elsewhere.`)
    try {
      await handle(message, context)
    } catch (error) {
      await store.abandon(key)
      throw error
    }
    await store.finish(key)
  }
}
