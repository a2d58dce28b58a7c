import type { Credentials } from './sign-request.ts'

/** Where a queue service listens, and what its callers sign with. */
export interface Endpoint {
  readonly host: string
  readonly port: number
  /** Absent where nobody asks. */
  readonly credentials?: Credentials | undefined
}

/**
 * Reads `http://host:port`.
 * @throws Error for anything else; the load generator speaks no TLS, which would measure itself
 */
export function parseEndpoint(text: string): Endpoint {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:') throw new Error(`an endpoint is http://host:port, and not ${text}`)
  return { host: url.hostname, port: Number(url.port === '' ? 80 : url.port) }
}
