import { createHash, createHmac } from 'node:crypto'
import { HttpRequest } from '@smithy/core/protocols'
import { SignatureV4 } from '@smithy/signature-v4'
import type { NewSecret } from '@stanchion/identity'
import type { Action } from '@stanchion/sqs'
import { toQueryForm } from './to-query-form.ts'

/** A request as it goes over the wire; the signature is in it. */
export interface WireRequest {
  readonly method: string
  /** With the query string. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What a request was answered. */
export interface WireAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** What both protocols of SQS speak. */
export const PROTOCOLS = ['json', 'query'] as const
export type Protocol = (typeof PROTOCOLS)[number]

/** When, and with what besides, a request is signed. */
export interface SigningOptions {
  readonly signedAt?: Date
  /** Of the Query protocol: the path it is sent to. */
  readonly path?: string
}

/** Whoever has an access key, speaking both protocols of SQS with the signer of the AWS SDK. */
export class SignedCaller {
  readonly #url: URL
  readonly #signer: SignatureV4

  constructor(server: { readonly url: string }, { key, secret }: NewSecret) {
    this.#url = new URL(server.url)
    this.#signer = new SignatureV4({
      service: 'sqs',
      region: 'us-east-1',
      credentials: { accessKeyId: key.id, secretAccessKey: secret },
      sha256: NativeSha256,
    })
  }

  /** Signs a call of an action without sending it. */
  sign(protocol: Protocol, action: Action, input: object, options: SigningOptions = {}): Promise<WireRequest> {
    if (protocol === 'json') {
      const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${action.name}` }
      return this.#sign(headers, JSON.stringify(input), options)
    }
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    return this.#sign(headers, toQueryForm(action, input), options)
  }

  /** Signs a Query request whose parameters and signature are in its address. */
  async presign(action: Action, input: object, expiresInSeconds: number, signedAt = new Date()): Promise<WireRequest> {
    const query = Object.fromEntries(new URLSearchParams(toQueryForm(action, input)))
    const request = this.#request('GET', '/', { host: this.#url.host }, undefined, query)
    const signed = await this.#signer.presign(request, { expiresIn: expiresInSeconds, signingDate: signedAt })
    const text = new URLSearchParams(signed.query as Record<string, string>)
    return { method: 'GET', target: `/?${text.toString().replaceAll('+', '%20')}`, headers: {}, body: '' }
  }

  async call(protocol: Protocol, action: Action, input: object, options?: SigningOptions): Promise<WireAnswer> {
    return this.send(await this.sign(protocol, action, input, options))
  }

  async send({ method, target, headers, body }: WireRequest): Promise<WireAnswer> {
    const { host: _host, ...rest } = headers
    const response = await fetch(`${this.#url.origin}${target}`, {
      method,
      headers: rest,
      ...(method === 'GET' ? {} : { body }),
    })
    return { status: response.status, headers: response.headers, text: await response.text() }
  }

  async #sign(given: Record<string, string>, body: string, { signedAt, path = '/' }: SigningOptions) {
    const request = this.#request('POST', path, { host: this.#url.host, ...given }, body)
    const signed = await this.#signer.sign(request, { signingDate: signedAt ?? new Date() })
    return { method: 'POST', target: path, headers: signed.headers, body }
  }

  #request(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: string,
    query: Record<string, string> = {},
  ): HttpRequest {
    return new HttpRequest({ protocol: 'http:', hostname: this.#url.hostname, method, path, query, headers, body })
  }
}

/** The hash that the signer asks for, by Node: its own is written in JavaScript and takes most of the time of a test. */
class NativeSha256 {
  readonly #hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as string)
  }

  update(chunk: Uint8Array): void {
    this.#hash.update(chunk)
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }

  reset(): void {
    throw new Error('a hash of Node is used once')
  }
}
