import { describe, expect, it } from '@jest/globals'
import { idempotent, MemorySeenStore, type Message } from './index.ts'

const message = (messageId: string, body = 'x') => ({ messageId, body }) as Message
const context = { signal: new AbortController().signal }

describe('an idempotent handler', () => {
  it('does the work of a message once', async () => {
    const done: string[] = []
    const handle = idempotent(({ messageId }) => void done.push(messageId), { store: new MemorySeenStore() })
    for (const id of ['1', '2', '1']) await handle(message(id), context)
    expect(done).toEqual(['1', '2'])
  })

  it('knows work by a key of its own', async () => {
    const done: string[] = []
    const options = { store: new MemorySeenStore(), keyOf: ({ body }: Message) => body }
    const handle = idempotent(({ messageId }) => void done.push(messageId), options)
    await handle(message('1', 'order 17'), context)
    await handle(message('2', 'order 17'), context)
    expect(done).toEqual(['1'])
  })

  it('tries again what failed', async () => {
    let calls = 0
    const work = () => {
      calls += 1
      if (calls === 1) throw new Error('not yet')
    }
    const handle = idempotent(work, { store: new MemorySeenStore() })
    await expect(handle(message('1'), context)).rejects.toThrow('not yet')
    await handle(message('1'), context)
    expect(calls).toBe(2)
  })

  it('fails while the same work runs elsewhere, so that the message comes back', async () => {
    const gate = Promise.withResolvers<void>()
    const handle = idempotent(() => gate.promise, { store: new MemorySeenStore() })
    const first = handle(message('1'), context)
    await expect(handle(message('1'), context)).rejects.toThrow('running elsewhere')
    gate.resolve()
    await first
    await handle(message('1'), context)
  })
})

describe('the memory store', () => {
  it('forgets the oldest beyond its bound, never what is running', () => {
    const store = new MemorySeenStore({ entriesMax: 2 })
    store.claim('running')
    for (const key of ['a', 'b', 'c']) {
      store.claim(key)
      store.finish(key)
    }
    expect(store.size).toBe(3)
    expect(['running', 'b', 'c', 'a'].map((key) => store.claim(key))).toEqual(['running', 'done', 'done', 'claimed'])
  })

  it('forgets after its time', () => {
    let nowMs = 0
    const store = new MemorySeenStore({ ttlSeconds: 10, now: () => nowMs })
    store.claim('a')
    store.finish('a')
    nowMs = 9_999
    expect(store.claim('a')).toBe('done')
    nowMs = 10_000
    expect(store.claim('a')).toBe('claimed')
  })
})
