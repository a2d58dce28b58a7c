import { createHmac } from 'node:crypto'
import type { CredentialScope } from './credential-scope.ts'
import { HmacKey } from './hmac-key.ts'

/** How many derived keys are kept: a key id has one a day and region. */
export const SIGNING_KEYS_MAX = 1_000

interface SigningKey {
  readonly secret: string
  readonly key: HmacKey
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
  keyFor(credential: string, scope: CredentialScope, secret: string): HmacKey {
    const kept = this.#kept.get(credential)
    return kept?.secret === secret ? kept.key : new HmacKey(deriveSigningKey(scope, secret))
  }

  /** Keeps a key that made a right signature, and forgets the one not used for longest. */
  keep(credential: string, secret: string, key: HmacKey): void {
    this.#kept.delete(credential)
    this.#kept.set(credential, { secret, key })
    if (this.#kept.size <= this.#keysMax) return
    for (const oldest of this.#kept.keys()) {
      this.#kept.delete(oldest)
      return
    }
  }
}

/** The key for one day, region and service. */
export function deriveSigningKey({ day, region, service, terminator }: CredentialScope, secret: string): Buffer {
  let key = Buffer.from(`AWS4${secret}`)
  for (const part of [day, region, service, terminator]) key = createHmac('sha256', key).update(part).digest()
  return key
}
