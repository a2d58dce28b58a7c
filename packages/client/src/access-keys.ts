import type { CallOptions, HttpClient } from './http/http-client.ts'
import type { AccessKey, AccessKeyRequest, NewAccessKey } from './types.ts'

/** The access keys of the caller's account; for callers whose own key is one of role `admin`. */
export class AccessKeys {
  readonly #http: HttpClient

  constructor(http: HttpClient) {
    this.#http = http
  }

  /** Makes a key. The answer is the only one that ever shows its secret. */
  create(key: AccessKeyRequest, options: CallOptions = {}): Promise<NewAccessKey> {
    return this.#http.call('createAccessKey', { body: key }, options)
  }

  async list(options: CallOptions = {}): Promise<AccessKey[]> {
    return (await this.#http.call('listAccessKeys', {}, options)).accessKeys
  }

  /** Refuses the key from now on. */
  disable(accessKeyId: string, options: CallOptions = {}): Promise<AccessKey> {
    return this.#http.call('disableAccessKey', { path: { accessKeyId } }, options)
  }

  /** Makes a successor. The old key works for `overlapSeconds` more. */
  rotate(accessKeyId: string, overlapSeconds: number, options: CallOptions = {}): Promise<NewAccessKey> {
    return this.#http.call('rotateAccessKey', { path: { accessKeyId }, body: { overlapSeconds } }, options)
  }
}
