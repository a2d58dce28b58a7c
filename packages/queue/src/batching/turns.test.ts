import { describe, expect, it } from '@jest/globals'
import { Turns } from './turns.ts'

/** Work that the test ends by hand, and that says when it was started. */
function work() {
  const started = Promise.withResolvers<void>()
  const over = Promise.withResolvers<void>()
  let isStarted = false
  return {
    started: started.promise,
    end: () => over.resolve(),
    get isStarted() {
      return isStarted
    },
    start: () => {
      isStarted = true
      started.resolve()
      return over.promise
    },
  }
}

describe('Turns', () => {
  it('starts one after the other, in the order in which they asked', async () => {
    const turns = new Turns()
    const order: number[] = []
    const over = [0, 1, 2].map((i) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      turns.ask(async () => {
        order.push(i)
        await null
        order.push(i)
        resolve()
      })
      return promise
    })
    await Promise.all(over)
    expect(order).toEqual([0, 0, 1, 1, 2, 2])
  })

  it('passes over who has nothing to do any more', async () => {
    const turns = new Turns()
    const [first, last] = [work(), work()]
    turns.ask(first.start)
    turns.ask(() => undefined)
    turns.ask(last.start)
    expect([first.isStarted, last.isStarted]).toEqual([true, false])
    first.end()
    await last.started
  })

  it('lets the others go on when one is held up', async () => {
    const turns = new Turns()
    const [stuck, second, third] = [work(), work(), work()]
    for (const each of [stuck, second, third]) turns.ask(each.start)
    await second.started
    second.end()
    await third.started
  })
})
