import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { TestServer } from './start-test-server.ts'

type Json = Record<string, unknown>

/** An answer whose form has been held against `openapi.yaml`. */
export interface RestAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: Json
}

interface Media {
  readonly schema: Json
  readonly examples: Json
}

interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Record<string, Json> }
}

/** Puts what a reference names in its place. */
function resolve(value: unknown, schemas: Record<string, Json>): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, schemas))
  if (typeof value !== 'object' || value === null) return value
  const { $ref } = value as { $ref?: string }
  if ($ref !== undefined) return resolve(schemas[$ref.replace('#/components/schemas/', '')], schemas)
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, resolve(member, schemas)]))
}

/** Calls a server and fails on every answer that `openapi.yaml` does not describe. */
export class RestClient {
  readonly #server: TestServer
  readonly #document: Document

  constructor(server: TestServer) {
    this.#server = server
    this.#document = server.app.swagger() as unknown as Document
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
    const answer = { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) }
    this.#check(method, path.split('?', 1)[0] ?? path, answer, text)
    return answer
  }

  #check(method: string, path: string, answer: RestAnswer, text: string): void {
    const where = `${method} ${path} → ${answer.status} ${text.slice(0, 500)}`
    const described = this.#responsesOf(method, path)
    if (described === undefined) {
      if (![403, 404, 405].includes(answer.status)) throw new Error(`an answer from an unknown address: ${where}`)
      this.#checkSchema({ $ref: '#/components/schemas/Problem' }, answer.body, where)
      return
    }
    const response = described[answer.status]
    if (response === undefined) throw new Error(`openapi.yaml does not know this status: ${where}`)
    if (response.content === undefined) {
      if (text !== '') throw new Error(`openapi.yaml knows no body here: ${where}`)
      return
    }
    const contentType = answer.headers.get('content-type')?.split(';', 1)[0] ?? ''
    const media = response.content[contentType]
    if (media === undefined) throw new Error(`openapi.yaml does not know ${contentType} here: ${where}`)
    this.#checkSchema(media.schema, answer.body, where)
    // Every code that a status may carry has an example there.
    if (contentType === 'application/problem+json' && !(String(answer.body.code) in media.examples)) {
      throw new Error(`openapi.yaml does not know this code here: ${where}`)
    }
  }

  /** The fixed address comes first: `/leases/delete` is no lease. */
  #responsesOf(method: string, path: string) {
    const fits = (template: string) => new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path)
    const [found] = Object.entries(this.#document.paths)
      .filter(([template, operations]) => fits(template) && method.toLowerCase() in operations)
      .sort(([a], [b]) => a.split('{').length - b.split('{').length)
    return found?.[1][method.toLowerCase()]?.responses
  }

  #checkSchema(schema: Json, body: Json, where: string): void {
    const check = Compile(resolve(schema, this.#document.components.schemas) as TSchema)
    if (!check.Check(body)) throw new Error(`${JSON.stringify(check.Errors(body))} in ${where}`)
  }
}
