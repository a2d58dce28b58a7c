import { expect, it } from '@jest/globals'
import { md5OfAttributes, md5OfBody } from './digests.ts'

it('digests are those of SQS', () => {
  expect(md5OfBody('hello world')).toBe('5eb63bbbe01eeed093cb22bb8f5acdc3')
  expect(md5OfAttributes({})).toBeUndefined()
  expect(
    md5OfAttributes({
      order_type: { type: 'String', value: 'priority' },
      blob: { type: 'Binary', value: 'AAEC/w==' },
    }),
  ).toBe('54864c33ee2eec94c027eeb6bfd21e23')
})
