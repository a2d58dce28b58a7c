import { describe, expect, it } from '@jest/globals'
import { findingsOf, Story } from './story.ts'
import { voidRun } from './void-run.ts'

const found = (story: Story) =>
  findingsOf(voidRun({ acksAfterLastFaultMin: 2, overlappingClaimsMin: 1, faultsMin: 1 }), story)

function overlapping(story: Story): Story {
  const one = story.invokeReceive('q')
  const other = story.invokeReceive('q', { client: 'c2' })
  return story.received(one, 'a').received(other, 'b')
}

describe('a run', () => {
  it('counts when there was a fault, work after it, claims at the same time and a clean drain', () => {
    expect(found(overlapping(new Story().queue('q').fault('kill')).rest().drain().end())).toEqual([])
  })

  it.each([
    ['a fault', overlapping(new Story()).rest().end(), /0 faults/],
    ['work after the last fault', overlapping(new Story()).fault('kill').rest().end(), /0 requests were acknowledged/],
    ['claims at the same time', new Story().fault('kill').receive('q', 'a').receive('q', 'b').end(), /0 claims/],
    ['an end', overlapping(new Story().fault('kill')), /not clean/],
    ['a clean drain', overlapping(new Story().fault('kill')).end(false), /not clean/],
  ])('is void without %s', (_, story, text) => {
    expect(found(story)).toEqual([expect.stringMatching(text)])
  })
})
