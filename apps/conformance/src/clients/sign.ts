import { createHash, createHmac } from 'node:crypto'
import type { Target } from './sqs-client.ts'

/** A request that is to be signed. `url` is absolute. */
export interface Signable {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
  readonly now?: Date
}

/** The headers of a request together with those of its Signature Version 4. */
export function signHeaders(request: Signable, target: Target): Record<string, string> {
  const { amzDate, scope } = datesOf(request.now ?? new Date(), target)
  const url = new URL(request.url)
  const headers: Record<string, string> = { ...lowerCased(request.headers), host: url.host, 'x-amz-date': amzDate }
  const names = Object.keys(headers).sort()
  const canonical = canonicalRequest(request.method, url, headers, names, sha256(request.body))
  const signature = sign(canonical, amzDate, scope, target)
  const { host: _, ...sent } = headers
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${target.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  }
}

/** The URL of a GET request with its signature among its parameters. */
export function presignUrl(target: Target, address: string, expiresSeconds: number, now = new Date()): string {
  const { amzDate, scope } = datesOf(now, target)
  const url = new URL(address)
  url.searchParams.set('X-Amz-Algorithm', 'AWS4-HMAC-SHA256')
  url.searchParams.set('X-Amz-Credential', `${target.accessKeyId}/${scope}`)
  url.searchParams.set('X-Amz-Date', amzDate)
  url.searchParams.set('X-Amz-Expires', String(expiresSeconds))
  url.searchParams.set('X-Amz-SignedHeaders', 'host')
  const canonical = canonicalRequest('GET', url, { host: url.host }, ['host'], sha256(''))
  url.searchParams.set('X-Amz-Signature', sign(canonical, amzDate, scope, target))
  return url.href
}

function datesOf(now: Date, { region }: Target) {
  const amzDate = now.toISOString().replace(/[-:]|\.\d+/g, '')
  return { amzDate, scope: `${amzDate.slice(0, 8)}/${region}/sqs/aws4_request` }
}

function canonicalRequest(
  method: string,
  url: URL,
  headers: Readonly<Record<string, string>>,
  names: readonly string[],
  bodyHash: string,
): string {
  const query = [...url.searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).sort()
  const path = url.pathname.split('/').map(encode).join('/')
  const lines = names.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`)
  return [method, path, query.join('&'), lines.join(''), names.join(';'), bodyHash].join('\n')
}

function sign(canonical: string, amzDate: string, scope: string, target: Target): string {
  const key = [amzDate.slice(0, 8), target.region, 'sqs', 'aws4_request'].reduce<string | Buffer>(
    (secret, part) => hmac(secret, part),
    `AWS4${target.secretAccessKey}`,
  )
  return hmac(key, ['AWS4-HMAC-SHA256', amzDate, scope, sha256(canonical)].join('\n')).toString('hex')
}

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex')
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
const lowerCased = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
