import { createHmac } from 'node:crypto'
import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { HmacKey } from './hmac-key.ts'

it('signs as the HMAC of Node does, with keys shorter and longer than a block, whatever the text (G34)', () => {
  const keys = fc.oneof(fc.uint8Array({ maxLength: 66 }), fc.uint8Array({ minLength: 60, maxLength: 200 }))
  fc.assert(
    fc.property(keys, fc.string({ unit: 'binary', maxLength: 300 }), (key, text) => {
      expect(new HmacKey(key).sign(text)).toBe(createHmac('sha256', key).update(text).digest('hex'))
    }),
    { numRuns: 500 },
  )
})

it('signs one text after the other, each by itself', () => {
  const key = new HmacKey(Buffer.from('Jefe'))
  key.sign('another text, which is longer than the next one')
  // RFC 4231, test case 2.
  expect(key.sign('what do ya want for nothing?')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  )
})
