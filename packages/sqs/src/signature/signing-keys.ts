import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import type { CredentialScope } from './credential-scope.ts'

/** How many derived keys are kept: a key id has one a day and region. */
export const SIGNING_KEYS_MAX = 1_000

interface SigningKey {
  readonly secret: string
  readonly key: KeyObject
}

/**
 * Derived keys, least recently used first. A key is kept only after a signature was found right with it, so that nobody without
 * a secret can fill the cache. It is found only with the secret it was derived from: a key id whose secret was replaced does not
 * go on working with the old one.
 */
export class SigningKeys {
  readonly #keysMax: number
  /** By credential: the key id, the day, the region and the service. */
  readonly #kept = new Map<string, SigningKey>()

  constructor(keysMax = SIGNING_KEYS_MAX) {
    this.#keysMax = keysMax
  }

  get size(): number {
    return this.#kept.size
  }

  /** The kept key, or a newly derived one. */
  keyFor(credential: string, scope: CredentialScope, secret: string): KeyObject {
    const kept = this.#kept.get(credential)
    return kept?.secret === secret ? kept.key : deriveSigningKey(scope, secret)
  }

  /** Keeps a key that made a right signature, and forgets the one not used for longest. */
  keep(credential: string, secret: string, key: KeyObject): void {
    this.#kept.delete(credential)
    this.#kept.set(credential, { secret, key })
    if (this.#kept.size <= this.#keysMax) return
    for (const oldest of this.#kept.keys()) {
      this.#kept.delete(oldest)
      return
    }
  }
}

/** The key for one day, region and service: an object, because an HMAC prepares a key of bytes anew each time, which takes longest. */
export function deriveSigningKey({ day, region, service, terminator }: CredentialScope, secret: string): KeyObject {
  let key = createSecretKey(`AWS4${secret}`, 'utf8')
  for (const part of [day, region, service, terminator]) {
    key = createSecretKey(createHmac('sha256', key).update(part).digest())
  }
  return key
}
