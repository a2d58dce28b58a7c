import { describe, expect, it } from '@jest/globals'
import { leases } from './leases.ts'
import { findingsOf, Story } from './story.ts'

const found = (story: Story) => findingsOf(leases, story)
const leased = () => new Story().queue('q').send('q', 'a').at(1_000).receive('q', 'a#1')

describe('lease exclusivity', () => {
  it('holds when the next delivery comes after the lease', () => {
    expect(found(leased().at(11_001).receive('q', 'a#2'))).toEqual([])
  })

  it('is broken by a delivery during the lease', () => {
    expect(found(leased().at(5_000).receive('q', 'a#2'))).toEqual([expect.stringMatching('delivered a')])
  })

  it('allows for as much as clocks may differ', () => {
    expect(found(leased().at(10_960).receive('q', 'a#2'))).toEqual([])
    expect(found(leased().at(10_900).receive('q', 'a#2'))).toHaveLength(1)
  })

  it('is broken by two deliveries at the same time', () => {
    const story = new Story().queue('q').send('q', 'a')
    const one = story.invokeReceive('q')
    const other = story.invokeReceive('q', { client: 'c2' })
    expect(found(story.received(one, 'a#1').received(other, { value: 'a', handle: 'h' }))).toHaveLength(1)
  })

  it('follows changes: a release ends a lease, an extension makes it longer', () => {
    expect(found(leased().at(2_000).change('q', 'a#1', 0).receive('q', 'a#2'))).toEqual([])
    expect(found(leased().at(2_000).change('q', 'a#1', 100).at(50_000).receive('q', 'a#2'))).toHaveLength(1)
  })

  it('takes a change of unknown outcome for whatever allows more', () => {
    const changed = (leaseSeconds: number) => {
      const story = leased()
      story.unknown(story.invoke({ kind: 'change', queue: 'q', changes: [{ handle: 'a#1', leaseSeconds }] }))
      return story
    }
    expect(found(changed(0).receive('q', 'a#2'))).toEqual([])
    expect(found(changed(100).at(50_000).receive('q', 'a#2'))).toEqual([])
    expect(found(changed(100).at(5_000).receive('q', 'a#2'))).toHaveLength(1)
  })

  it('is not helped by a release that was refused', () => {
    const story = leased()
    story.fail(story.invoke({ kind: 'change', queue: 'q', changes: [{ handle: 'a#1', leaseSeconds: 0 }] }))
    expect(found(story.receive('q', 'a#2'))).toHaveLength(1)
  })
})
