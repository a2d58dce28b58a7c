import { describe, expect, it } from '@jest/globals'
import { integrity } from './integrity.ts'
import { findingsOf, Story } from './story.ts'

const found = (story: Story) => findingsOf(integrity, story)

describe('integrity', () => {
  it('is there when all digests agree, or a protocol tells none', () => {
    const told = { md5: 'm', saidMd5: 'm', attributesMd5: 'at', saidAttributesMd5: 'at', group: 'g' }
    const story = new Story()
      .queue('q')
      .send('q', 'a', told)
      .receive('q', { value: 'a', ...told })
    expect(found(story.send('q', 'b').receive('q', 'b'))).toEqual([])
  })

  it.each([
    ['another body', { md5: 'other' }, /another body/],
    ['other attributes', { attributesMd5: 'other' }, /other attributes/],
    ['another group', { group: 'g' }, /of the group undefined as one of g/],
    ['an MD5 that is not that of the body', { saidMd5: 'other' }, /with the MD5 other/],
    ['an MD5 that is not that of the attributes', { saidAttributesMd5: 'other' }, /another MD5 of its attributes/],
  ])('is broken by %s', (_, told, text) => {
    expect(
      found(
        new Story()
          .queue('q')
          .send('q', 'a')
          .receive('q', { value: 'a', ...told }),
      ),
    ).toEqual([expect.stringMatching(text)])
  })

  it('is broken by a wrong MD5 in the answer to a send', () => {
    expect(found(new Story().queue('q').send('q', 'a', { saidMd5: 'other' }))).toHaveLength(1)
    expect(found(new Story().queue('q').send('q', 'a', { saidAttributesMd5: 'other' }))).toHaveLength(1)
  })
})
