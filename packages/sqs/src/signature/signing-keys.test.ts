import { expect, it } from '@jest/globals'
import { parseCredentialScope } from './credential-scope.ts'
import { HmacKey } from './hmac-key.ts'
import { deriveSigningKey, SigningKeys } from './signing-keys.ts'

const credentialOf = (keyId: string) => `${keyId}/20150830/us-east-1/iam/aws4_request`

it('derives the key that AWS documents', () => {
  const scope = parseCredentialScope(credentialOf('AKIDEXAMPLE'))
  expect(deriveSigningKey(scope, 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY').toString('hex')).toBe(
    'c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9',
  )
})

it('keeps no more keys than it may, and forgets the one not used for longest', () => {
  const keys = new SigningKeys(2)
  const keyOf = (id: string) => keys.keyFor(credentialOf(id), parseCredentialScope(credentialOf(id)), 'secret')
  const [a, b] = ['a', 'b'].map(keyOf) as [HmacKey, HmacKey]
  keys.keep(credentialOf('a'), 'secret', a)
  keys.keep(credentialOf('b'), 'secret', b)
  keys.keep(credentialOf('a'), 'secret', a)
  keys.keep(credentialOf('c'), 'secret', keyOf('c'))
  expect(keys.size).toBe(2)
  expect(keyOf('a')).toBe(a)
  expect(keyOf('b')).not.toBe(b)
})

it('derives anew when the secret of a key id is another one', () => {
  const keys = new SigningKeys()
  const scope = parseCredentialScope(credentialOf('a'))
  const old = keys.keyFor(credentialOf('a'), scope, 'old')
  keys.keep(credentialOf('a'), 'old', old)
  const fresh = keys.keyFor(credentialOf('a'), scope, 'new')
  expect(fresh.sign('text')).toBe(new HmacKey(deriveSigningKey(scope, 'new')).sign('text'))
  expect(fresh.sign('text')).not.toBe(old.sign('text'))
  expect(keys.keyFor(credentialOf('a'), scope, 'old')).toBe(old)
})
