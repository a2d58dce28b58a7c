import { describe, expect, it } from '@jest/globals'
import { holdMessage, leaseLeft } from './held-message.ts'

describe('the countdown of a lease', () => {
  it('begins when the receive was asked for and ends at nothing', () => {
    const held = holdMessage('m', 1_000, 30)
    expect(leaseLeft(held, 1_000)).toEqual({ secondsLeft: 30, fraction: 1, isOver: false })
    expect(leaseLeft(held, 16_000)).toEqual({ secondsLeft: 15, fraction: 0.5, isOver: false })
    expect(leaseLeft(held, 30_999)).toMatchObject({ secondsLeft: 1, isOver: false })
    expect(leaseLeft(held, 31_000)).toEqual({ secondsLeft: 0, fraction: 0, isOver: true })
    expect(leaseLeft(held, 99_000)).toEqual({ secondsLeft: 0, fraction: 0, isOver: true })
  })

  it('of no time is over at once', () => {
    expect(leaseLeft(holdMessage('m', 0, 0), 0)).toEqual({ secondsLeft: 0, fraction: 0, isOver: true })
  })
})
