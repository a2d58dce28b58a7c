import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { Service } from './service.ts'

const SILENT = { debug() {}, info() {}, warn() {}, error() {} }
const INTERVAL_MS = 10_000

/** A service whose rounds end when the test says so, and with what it says. */
function newService() {
  const rounds: { end(restMs?: number): void; fail(): void; readonly signal: AbortSignal }[] = []
  const service = new Service({
    name: 'test',
    intervalMs: INTERVAL_MS,
    logger: SILENT,
    observer: {},
    round: (signal) =>
      new Promise<number | undefined>((resolve, reject) => {
        rounds.push({ end: resolve, fail: () => reject(new Error('in a round')), signal })
      }),
  })
  service.start()
  return { service, rounds }
}

beforeEach(() => {
  jest.useFakeTimers()
})
afterEach(() => {
  jest.useRealTimers()
})

describe('a service', () => {
  it('rests between two rounds, shorter if a round says so, never longer', async () => {
    const { rounds } = newService()
    for (const [rest, expected] of [
      [undefined, INTERVAL_MS],
      [50, 50],
      [INTERVAL_MS * 2, INTERVAL_MS],
      [0, 0],
    ] as const) {
      const before = rounds.length
      if (before === 0) await jest.advanceTimersByTimeAsync(INTERVAL_MS)
      rounds.at(-1)?.end(rest)
      await jest.advanceTimersByTimeAsync(Math.max(0, expected - 1))
      if (expected > 0) expect(rounds).toHaveLength(Math.max(1, before))
      await jest.advanceTimersByTimeAsync(1)
      expect(rounds).toHaveLength(Math.max(1, before) + 1)
    }
  })

  it('that is woken begins a round at once, and another one if it is at it', async () => {
    const { service, rounds } = newService()
    service.wake()
    await jest.advanceTimersByTimeAsync(1)
    expect(rounds).toHaveLength(1)
    service.wake()
    service.wake()
    await jest.advanceTimersByTimeAsync(1)
    expect(rounds).toHaveLength(1)
    rounds[0]?.end()
    await jest.advanceTimersByTimeAsync(1)
    expect(rounds).toHaveLength(2)
    rounds[1]?.end()
    await jest.advanceTimersByTimeAsync(INTERVAL_MS - 1)
    expect(rounds).toHaveLength(2)
  })

  it('goes on after a round that failed', async () => {
    const { rounds } = newService()
    await jest.advanceTimersByTimeAsync(INTERVAL_MS)
    rounds[0]?.fail()
    await jest.advanceTimersByTimeAsync(INTERVAL_MS)
    expect(rounds).toHaveLength(2)
  })

  it('that stops tells its round, waits for it, and begins no other', async () => {
    const { service, rounds } = newService()
    service.wake()
    await jest.advanceTimersByTimeAsync(1)
    let isStopped = false
    const stopping = service.stop().then(() => {
      isStopped = true
    })
    await jest.advanceTimersByTimeAsync(1)
    expect([rounds[0]?.signal.aborted, isStopped]).toEqual([true, false])
    rounds[0]?.end(0)
    await stopping
    service.wake()
    await jest.advanceTimersByTimeAsync(INTERVAL_MS * 2)
    expect(rounds).toHaveLength(1)
  })
})
