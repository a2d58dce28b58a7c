/** The codes of requests that cannot have left: nobody took the connection. */
const NEVER_SENT = ['ECONNREFUSED', 'ENOENT']

/** Whether a request failed before any server has seen it. */
export function wasNeverSent(code: string | undefined): boolean {
  return code !== undefined && NEVER_SENT.includes(code)
}
