import { describe, expect, it } from '@jest/globals'
import { Batcher, type BatcherOptions } from './batcher.ts'
import { Turns } from './turns.ts'

/** A batcher whose batches the test ends by hand. */
function setup(options: Partial<BatcherOptions<number, string>> = {}) {
  const batches: {
    items: readonly number[]
    finish(): void
    fail(error: Error): void
    answer(results: (string | Error)[]): void
  }[] = []
  const batcher = new Batcher<number, string>({
    run: (items) =>
      new Promise((resolve, reject) => {
        batches.push({
          items,
          finish: () => resolve(items.map((item) => `done ${item}`)),
          fail: reject,
          answer: resolve,
        })
      }),
    weigh: () => 1,
    weightMax: 3,
    inFlightMax: 1,
    waitingWeightMax: 1_000,
    deadlineMs: 60_000,
    ...options,
  })
  return { batcher, batches }
}

/** Long enough for a batch that may start to have started. */
async function turn() {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve))
}

describe('Batcher', () => {
  it('starts at once when idle, and lets later items ride together in the next batch', async () => {
    const { batcher, batches } = setup()
    const first = batcher.submit(1)
    await turn()
    const rest = [2, 3, 4, 5].map((item) => batcher.submit(item))
    await turn()
    expect(batches.map((batch) => batch.items)).toEqual([[1]])
    batches[0]?.finish()
    expect(await first).toBe('done 1')
    await turn()
    expect(batches.map((batch) => batch.items)).toEqual([[1], [2, 3, 4]])
    batches[1]?.finish()
    expect(await Promise.all(rest.slice(0, 3))).toEqual(['done 2', 'done 3', 'done 4'])
    await turn()
    batches[2]?.finish()
    expect(await rest[3]).toBe('done 5')
  })

  it('takes turns with others, and grows its batch until it is its turn', async () => {
    const turns = new Turns(60_000)
    const [one, other] = [setup({ turns }), setup({ turns })]
    one.batcher.submit(1)
    await turn()
    other.batcher.submit(2)
    await turn()
    other.batcher.submit(3)
    expect(other.batches).toHaveLength(0)
    one.batches[0]?.finish()
    await turn()
    expect(other.batches.map((batch) => batch.items)).toEqual([[2, 3]])
    other.batches[0]?.finish()
  })

  it('runs several batches at a time when it may, each answered on its own, in any order', async () => {
    const { batcher, batches } = setup({ inFlightMax: 2, weightMax: 1 })
    const results = [1, 2, 3].map((item) => batcher.submit(item))
    await turn()
    expect(batches.map((batch) => batch.items)).toEqual([[1], [2]])
    batches[1]?.finish()
    expect(await results[1]).toBe('done 2')
    await turn()
    expect(batches.map((batch) => batch.items)).toEqual([[1], [2], [3]])
    batches[2]?.finish()
    batches[0]?.finish()
    expect(await Promise.all(results)).toEqual(['done 1', 'done 2', 'done 3'])
  })

  it('sends an item that is too heavy for any batch alone', async () => {
    const { batcher, batches } = setup({ weigh: (item) => item, weightMax: 10 })
    for (const item of [4, 50, 4, 4]) batcher.submit(item).catch(() => undefined)
    for (let i = 0; i < 3; i++) {
      await turn()
      batches.at(-1)?.finish()
      await turn()
    }
    expect(batches.map((batch) => batch.items)).toEqual([[4], [50], [4, 4]])
  })

  it('rejects everybody in a batch that fails, and goes on', async () => {
    const { batcher, batches } = setup()
    const results = Promise.allSettled([1, 2].map((item) => batcher.submit(item)))
    await turn()
    batches[0]?.fail(new Error('lost'))
    expect((await results).map((result) => result.status)).toEqual(['rejected', 'rejected'])
    const next = batcher.submit(3)
    await turn()
    batches[1]?.finish()
    expect(await next).toBe('done 3')
  })

  it('rejects only the item whose own result is an error', async () => {
    const { batcher, batches } = setup()
    const results = Promise.allSettled([1, 2, 3].map((item) => batcher.submit(item)))
    await turn()
    batches[0]?.answer(['one', new Error('bad'), 'three'])
    expect((await results).map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  it('leaves nobody waiting when a batch answers too little', async () => {
    const { batcher, batches } = setup()
    const results = Promise.allSettled([1, 2].map((item) => batcher.submit(item)))
    await turn()
    batches[0]?.answer(['one'])
    expect((await results).map((result) => result.status)).toEqual(['fulfilled', 'rejected'])
  })

  it('G31 refuses more than may wait', async () => {
    const { batcher, batches } = setup({ waitingWeightMax: 2 })
    const results = Promise.allSettled([1, 2, 3].map((item) => batcher.submit(item)))
    await turn()
    batches[0]?.finish()
    expect((await results).map((result) => (result.status === 'rejected' ? result.reason.code : 'ok'))).toEqual([
      'ok',
      'ok',
      'overloaded',
    ])
  })

  it('G24 never runs an item whose deadline passed while it waited', async () => {
    const { batcher, batches } = setup({ deadlineMs: 20 })
    batcher.submit(1).catch(() => undefined)
    await turn()
    await expect(batcher.submit(2)).rejects.toMatchObject({ code: 'deadlineExceeded' })
    batches[0]?.finish()
    await turn()
    expect(batches.map((batch) => batch.items)).toEqual([[1]])
  })
})
