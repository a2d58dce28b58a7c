import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { IdentityError } from './identity-error.ts'
import type { MasterKey } from './master-key.ts'

const ALGORITHM = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * Encrypts a secret under the master key: nonce, ciphertext and tag in one. The id of the access key is authenticated with it,
 * so a sealed secret cannot be moved to another key's row.
 */
export function sealSecret(masterKey: MasterKey, accessKeyId: string, secret: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(ALGORITHM, masterKey, nonce).setAAD(Buffer.from(accessKeyId))
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, sealed, cipher.getAuthTag()])
}

/** @throws IdentityError `wrongMasterKey` when it was sealed under another key, for another id, or was altered */
export function openSecret(masterKey: MasterKey, accessKeyId: string, sealed: Buffer): string {
  try {
    const decipher = createDecipheriv(ALGORITHM, masterKey, sealed.subarray(0, NONCE_BYTES))
      .setAAD(Buffer.from(accessKeyId))
      .setAuthTag(sealed.subarray(-TAG_BYTES))
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8')
  } catch {
    throw new IdentityError('wrongMasterKey', `The secret of ${accessKeyId} was not sealed under this master key.`)
  }
}
