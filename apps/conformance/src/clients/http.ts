import { signHeaders } from './sign.ts'
import { REQUEST_TIMEOUT_MS, type Target } from './sqs-client.ts'

/** A request of the HTTP level, for what no client would send by itself. */
export interface HttpRequest {
  readonly method?: string
  /** With its query string; `/` by default. */
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array<ArrayBuffer>
  /** Leaves the signature away. */
  readonly unsigned?: boolean
  readonly signal?: AbortSignal
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

export type Http = (request: HttpRequest) => Promise<HttpAnswer>

/** Sends requests with exactly these bytes, signed. */
export function createHttp(target: Target): Http {
  return async ({ method = 'POST', path = '/', headers = {}, body = '', unsigned = false, signal }) => {
    const url = `${target.endpoint}${path}`
    const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS)
    const response = await fetch(url, {
      method,
      headers: unsigned ? headers : signHeaders({ method, url, headers, body }, target),
      ...(method === 'POST' ? { body } : {}),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    })
    return { status: response.status, headers: response.headers, text: await response.text() }
  }
}
