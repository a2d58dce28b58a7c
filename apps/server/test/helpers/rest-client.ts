import type { TestServer } from './start-test-server.ts'

type Json = Record<string, unknown>

/** An answer whose form has been held against `openapi.yaml`, as that of every fetch in a test. */
export interface RestAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: Json
}

/** Calls a server and fails on every answer that `openapi.yaml` does not describe. */
export class RestClient {
  readonly #server: Pick<TestServer, 'url'>

  constructor(server: Pick<TestServer, 'url'>) {
    this.#server = server
  }

  get(path: string): Promise<RestAnswer> {
    return this.send('GET', path)
  }

  post(path: string, body?: unknown): Promise<RestAnswer> {
    return this.send('POST', path, body)
  }

  patch(path: string, body: unknown): Promise<RestAnswer> {
    return this.send('PATCH', path, body)
  }

  delete(path: string): Promise<RestAnswer> {
    return this.send('DELETE', path)
  }

  /** `body` is sent as JSON; text and bytes are sent as they are. */
  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<RestAnswer> {
    const isRaw = typeof body === 'string' || body instanceof Uint8Array
    const response = await fetch(`${this.#server.url}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: isRaw ? (body as string) : JSON.stringify(body) }),
    })
    const text = await response.text()
    if (path.startsWith('/v1/') && !response.headers.has('x-request-id')) {
      throw new Error(`an answer without a request id: ${method} ${path} → ${response.status} ${text.slice(0, 500)}`)
    }
    return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) }
  }
}
