import { describe, expect, it } from '@jest/globals'
import { outages } from './outages.ts'
import { findingsOf, Story } from './story.ts'

const found = (story: Story) => findingsOf(outages, story)
const during = (meanwhile: (story: Story) => unknown) => new Story().queue('q').fault('stop', meanwhile, 'database')

describe('while the database is away', () => {
  it('requests end soon, and with an error', () => {
    expect(found(during((story) => story.unknown(story.invokeSend('q', 'a'))))).toEqual([])
  })

  it('nothing is acknowledged', () => {
    expect(found(during((story) => story.send('q', 'a')))).toEqual([expect.stringMatching('s1 acknowledged')])
    expect(found(during((story) => story.receive('q')))).toHaveLength(1)
  })

  it('nobody waits for long', () => {
    const story = during((meanwhile) => {
      const id = meanwhile.invokeSend('q', 'a')
      meanwhile.at(11_500).unknown(id)
    })
    expect(found(story)).toEqual([expect.stringMatching('took 11497 ms')])
  })

  it('a request that ends after the return may be acknowledged', () => {
    let id = 0
    const story = during((meanwhile) => {
      id = meanwhile.invokeSend('q', 'a')
    })
    expect(found(story.sent(id, 'a'))).toEqual([])
  })
})

describe('while one server has no database', () => {
  const cutOff = (server: string, meanwhile: (story: Story) => unknown) =>
    new Story().queue('q').fault('stall', meanwhile, 'database', server)

  it('it acknowledges nothing, and the others do', () => {
    expect(found(cutOff('s1', (story) => story.send('q', 'a')))).toEqual([expect.stringMatching('s1 acknowledged')])
    const other = cutOff('s2', (story) => {
      story.send('q', 'a').unknown(story.invokeReceive('q', { server: 's2' }))
    })
    expect(found(other)).toEqual([])
  })

  it('not even a poll ends with nothing', () => {
    const poll = { kind: 'receive', queue: 'q', max: 1, waitSeconds: 1, leaseSeconds: 30 } as const
    expect(found(cutOff('s1', (story) => story.received(story.invoke(poll))))).toEqual([
      expect.stringMatching('s1 acknowledged'),
    ])
  })
})
