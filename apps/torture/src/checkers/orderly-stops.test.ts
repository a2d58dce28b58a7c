import { describe, expect, it } from '@jest/globals'
import { orderlyStops } from './orderly-stops.ts'
import { findingsOf, Story } from './story.ts'

const found = (story: Story) => findingsOf(orderlyStops, story)

function polling() {
  const story = new Story().queue('q')
  const id = story.invoke({ kind: 'receive', queue: 'q', max: 1, waitSeconds: 20, leaseSeconds: 5 })
  return { story: story.at(1_000), id }
}

describe('a server that is told to stop', () => {
  it('answers those who are there', () => {
    const { story, id } = polling()
    expect(found(story.stop(() => story.received(id)))).toEqual([])
  })

  it('does not break their connections', () => {
    const { story, id } = polling()
    expect(found(story.stop(() => story.unknown(id, 'UND_ERR_SOCKET')))).toEqual([
      expect.stringMatching('broke the connection'),
    ])
  })

  it('does not let them wait', () => {
    const { story, id } = polling()
    expect(found(story.stop(() => story.at(3_500).received(id)))).toEqual([expect.stringMatching('wait for 2500 ms')])
  })

  it('may close a connection under a request that was on its way', () => {
    const story = new Story().queue('q')
    const id = story.invokeReceive('q')
    const { checked, violations } = orderlyStops.check(story.stop(() => story.unknown(id)).history)
    expect({ checked, violations }).toEqual({ checked: 1, violations: [] })
  })

  it('ends soon', () => {
    expect(found(new Story().stop((story) => story.at(32_000)))).toEqual([expect.stringMatching('ms to stop')])
  })

  it('is not asked for any of that while something else is wrong', () => {
    const { story, id } = polling()
    story.fault('kill', () => story.stop(() => story.unknown(id, 'ECONNRESET')))
    expect(orderlyStops.check(story.history).violations).toEqual([])
  })
})
