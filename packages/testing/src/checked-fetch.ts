import type { SpecCheck } from './spec-check.ts'

/**
 * A `fetch` that holds every answer of the REST API against the spec. What carries a request id comes from a Stanchion server, and not
 * from one that a test has made up.
 * @param report is told what is wrong. The answer is given all the same: a client would take an error for one of the connection, and try again
 */
export function checkedFetch(
  fetch: typeof globalThis.fetch,
  loadCheck: () => SpecCheck,
  report: (problem: string) => void,
): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    const { pathname: path } = new URL(input instanceof Request ? input.url : input)
    if (!path.startsWith('/v1/') || !response.headers.has('x-request-id')) return response
    const method = init?.method ?? (input instanceof Request ? input.method : 'GET')
    const { status, headers } = response
    // That the connection breaks is for the caller to find.
    const text = await response
      .clone()
      .text()
      .catch(() => undefined)
    if (text === undefined) return response
    const contentType = headers.get('content-type')
    const problem = loadCheck().problemWith({ method: method.toUpperCase(), path, status, contentType, text })
    if (problem !== undefined) report(problem)
    return response
  }
}
