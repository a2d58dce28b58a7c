import { Sha256 } from '@smithy/core/checksum'
import { HttpRequest } from '@smithy/core/protocols'
import { SignatureV4 } from '@smithy/signature-v4'
import type { SignatureRules } from './parse-signature.ts'
import type { SignedRequest } from './signed-request.ts'

/** Requests signed by the signer of the AWS SDK, for the tests of the other side. */
export const ACCESS_KEY_ID = 'AKIDEXAMPLE'
export const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
export const SIGNED_AT_MS = Date.UTC(2026, 7, 1, 10, 0, 0)
export const RULES: SignatureRules = { nowMs: SIGNED_AT_MS, service: 'sqs' }

export interface RequestToSign {
  readonly method?: string
  readonly path?: string
  readonly query?: Record<string, string | string[]>
  readonly headers?: Record<string, string>
  readonly body?: string | Uint8Array
}

interface Signing {
  readonly accessKeyId?: string
  readonly secret?: string
  readonly region?: string
  readonly service?: string
  readonly sessionToken?: string
}

export const HOST = 'sqs.eu-west-1.amazonaws.com'

export function signerOf(signing: Signing = {}): SignatureV4 {
  const { accessKeyId = ACCESS_KEY_ID, secret = SECRET, region = 'eu-west-1', service = 'sqs', sessionToken } = signing
  const token = sessionToken === undefined ? {} : { sessionToken }
  return new SignatureV4({
    service,
    region,
    credentials: { accessKeyId, secretAccessKey: secret, ...token },
    sha256: Sha256,
  })
}

export async function signRequest(request: RequestToSign, signing: Signing = {}): Promise<SignedRequest> {
  const signed = await signerOf(signing).sign(toHttpRequest(request), { signingDate: new Date(SIGNED_AT_MS) })
  return toSignedRequest(signed as HttpRequest)
}

export async function presignRequest(
  request: RequestToSign,
  expiresSeconds: number,
  signing: Signing = {},
): Promise<SignedRequest> {
  const options = { signingDate: new Date(SIGNED_AT_MS), expiresIn: expiresSeconds }
  return toSignedRequest((await signerOf(signing).presign(toHttpRequest(request), options)) as HttpRequest)
}

/** What a server would see of a request that a client of the AWS SDK sends. */
export function toSignedRequest({ method, path, query, headers, body }: HttpRequest): SignedRequest {
  const pairs = Object.entries(query).flatMap(([name, values]) =>
    [values ?? ''].flat().map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`),
  )
  return {
    method,
    rawPath: path,
    rawQuery: pairs.join('&'),
    rawHeaders: Object.entries(headers).flatMap(([name, value]) => [name, toBytesText(value)]),
    body: toBytes(body),
  }
}

/** The value of a header, or `undefined`. */
export function headerOf({ rawHeaders }: SignedRequest, name: string): string | undefined {
  const index = rawHeaders.findIndex((text, at) => at % 2 === 0 && text.toLowerCase() === name)
  return index < 0 ? undefined : rawHeaders[index + 1]
}

/** The same request with other headers; `undefined` takes one away. */
export function withHeaders(request: SignedRequest, changes: Record<string, string | undefined>): SignedRequest {
  const rawHeaders: string[] = []
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index] as string
    if (!(name.toLowerCase() in changes)) rawHeaders.push(name, request.rawHeaders[index + 1] as string)
  }
  for (const [name, value] of Object.entries(changes)) if (value !== undefined) rawHeaders.push(name, value)
  return { ...request, rawHeaders }
}

function toHttpRequest({ method = 'POST', path = '/', query = {}, headers = {}, body }: RequestToSign): HttpRequest {
  return new HttpRequest({
    protocol: 'https:',
    hostname: HOST,
    method,
    path,
    query,
    headers: { host: HOST, ...headers },
    body,
  })
}

/** The SDK's own bodies are bytes that complain when they are taken for text. */
function toBytes(body: unknown): Uint8Array {
  if (body === undefined) return new Uint8Array()
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength)
  return Buffer.from(body as string)
}

/** One character per byte, as Node gives the headers of a request. */
function toBytesText(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}
