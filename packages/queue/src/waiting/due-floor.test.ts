import { describe, expect, it } from '@jest/globals'
import { DueFloor } from './due-floor.ts'

describe('DueFloor', () => {
  it('looks at everything first, and afterwards only at what is younger than the last complete look', () => {
    const floor = new DueFloor()
    expect(floor.next()).toBe(Number.NEGATIVE_INFINITY)
    floor.searched(Number.NEGATIVE_INFINITY, 100_000, true, 1)
    expect(floor.next()).toBe(99_000)
    floor.searched(99_000, 200_000, true, 1)
    expect(floor.next()).toBe(199_000)
  })

  it('stays where it is while a search leaves something behind', () => {
    const floor = new DueFloor()
    floor.searched(Number.NEGATIVE_INFINITY, 100_000, true, 1)
    floor.searched(99_000, 200_000, false, 1)
    expect(floor.next()).toBe(99_000)
  })

  it('looks at everything again when the clock was set back', () => {
    const floor = new DueFloor()
    floor.searched(Number.NEGATIVE_INFINITY, 100_000, true, 1)
    floor.searched(99_000, 50_000, false, 1)
    expect(floor.next()).toBe(Number.NEGATIVE_INFINITY)
  })
})
