import { randomBytes } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { parseMasterKey } from './master-key.ts'
import { openSecret, sealSecret } from './sealed-secret.ts'

const newMasterKey = () => {
  const key = parseMasterKey(randomBytes(32).toString('base64'))
  if (key === undefined) throw new Error('no master key')
  return key
}

describe('G37 a sealed secret', () => {
  const masterKey = newMasterKey()

  it('opens under its master key for its key id', () => {
    const sealed = sealSecret(masterKey, 'SKA', 'open sesame')
    expect(sealed.includes('open sesame')).toBe(false)
    expect(openSecret(masterKey, 'SKA', sealed)).toBe('open sesame')
    expect(sealSecret(masterKey, 'SKA', 'open sesame')).not.toEqual(sealed)
  })

  it('opens neither under another master key, nor for another id, nor after any change', () => {
    const sealed = sealSecret(masterKey, 'SKA', 'open sesame')
    expect(() => openSecret(newMasterKey(), 'SKA', sealed)).toThrow('not sealed under this master key')
    expect(() => openSecret(masterKey, 'SKB', sealed)).toThrow('not sealed under this master key')
    expect(() => openSecret(masterKey, 'SKA', Buffer.alloc(5))).toThrow('not sealed under this master key')
    for (let i = 0; i < sealed.length; i++) {
      const altered = Buffer.from(sealed)
      altered[i] = (altered[i] as number) ^ 1
      expect(() => openSecret(masterKey, 'SKA', altered)).toThrow('not sealed under this master key')
    }
  })
})

it('a master key is 32 bytes, as base64 or hex', () => {
  const bytes = randomBytes(32)
  for (const text of [bytes.toString('hex'), bytes.toString('base64'), bytes.toString('base64url')]) {
    expect(parseMasterKey(text)?.export()).toEqual(bytes)
  }
  for (const text of ['', 'x', randomBytes(31).toString('base64'), randomBytes(33).toString('hex')]) {
    expect(parseMasterKey(text)).toBeUndefined()
  }
})
