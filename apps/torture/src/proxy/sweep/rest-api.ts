/** An answer of the server. */
export interface RestAnswer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  /** Whether it says that the same request can follow, because nothing was done. */
  readonly mayRetry: boolean
}

/** What came is no answer that a caller can act upon. */
export class Violation extends Error {}

/** What an answer says about one thing that was asked for. */
export type Claim = 'done' | 'notDone' | 'unknown'

/** Refusals that say that the database could not do it, and that nothing was done. */
const NOT_DONE = new Set<unknown>(['unavailable', 'identityUnavailable', 'deadlineExceeded', 'overloaded'])

/** Calls the REST API of a server, as its clients do. */
export class RestApi {
  readonly #url: string

  constructor(url: string) {
    this.#url = url
  }

  /** Any answer. */
  async call(method: string, path: string, body?: unknown): Promise<RestAnswer> {
    const response = await fetch(`${this.#url}/v1${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const mayRetry = response.headers.has('retry-after')
    return { status: response.status, body: text === '' ? {} : JSON.parse(text), mayRetry }
  }

  /** The body of an answer that has to be a good one. @throws Violation */
  async must(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const answer = await this.call(method, path, body)
    if (answer.status < 300) return answer.body
    throw new Violation(`the server did not work: ${method} ${path} → ${answer.status} ${JSON.stringify(answer.body)}`)
  }

  /** Asks something that needs no database. */
  async isAlive(): Promise<boolean> {
    return (await fetch(`${this.#url}/livez`)).ok
  }

  /** The value of a metric of the server, added up over its labels. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.#url}/metrics`)).text()
    const lines = text.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
  }
}

/** @throws Violation when it says neither that something was done, nor that nothing was, nor that this is not known */
export function claimOf({ status, body, mayRetry }: RestAnswer): Claim {
  if (status < 300) return 'done'
  const { code } = body as { code?: unknown }
  if (NOT_DONE.has(code)) return 'notDone'
  if (code !== 'outcomeUnknown')
    throw new Violation(`an answer that says nothing true: ${status} ${JSON.stringify(body)}`)
  if (mayRetry) throw new Violation('an unknown outcome that asks to be tried again')
  return 'unknown'
}

/** What the answer to a request says of the one thing that it asks for, which is called `it`. @throws Violation */
export function whole(answer: RestAnswer): Map<string, Claim> {
  return new Map([['it', claimOf(answer)]])
}

/** What the answer to a request with many entries says of each of them. @throws Violation */
export function claimsOf(answer: RestAnswer, units: readonly string[]): Map<string, Claim> {
  const claim = claimOf(answer)
  if (claim !== 'done') return new Map(units.map((unit) => [unit, claim]))
  const { results } = answer.body as { results: readonly { error?: { code: string } }[] }
  return new Map(
    units.map((unit, i) => {
      const error = results[i]?.error
      return [unit, claimOf({ status: error === undefined ? 200 : 400, body: { ...error }, mayRetry: false })]
    }),
  )
}
