import { describe, expect, it } from '@jest/globals'
import { purges } from './purges.ts'
import { findingsOf, Story } from './story.ts'

const found = (story: Story) => findingsOf(purges, story)

describe('purge and create again', () => {
  it('take what was acknowledged before, and let come what was sent at the same time', () => {
    const story = new Story().queue('q')
    const purge = story.invoke({ kind: 'purge', queue: 'q' })
    story.send('q', 'a').ok(purge, { kind: 'purge' })
    expect(found(story.receive('q', 'a'))).toEqual([])
  })

  it.each(['purge', 'deleteQueue'] as const)('are broken by what comes back after a %s', (act) => {
    const story = new Story().queue('q').send('q', 'a').act(act, 'q').act('createQueue', 'q').receive('q', 'a')
    expect(found(story)).toEqual([expect.stringMatching(`after a ${act}`)])
  })

  it('are broken by a queue that takes messages after its deletion', () => {
    const story = new Story().queue('q').act('deleteQueue', 'q').send('q', 'a').act('createQueue', 'q').send('q', 'b')
    expect(found(story)).toEqual([expect.stringMatching('accepted a after it had been deleted')])
  })
})
