import { type Problem, StanchionError } from '@stanchion/client'

/** Reads what the client has no method for. */
export async function readJson<Answer>(
  path: string,
  key: string | undefined,
  fetch: typeof globalThis.fetch,
  signal: AbortSignal,
): Promise<Answer> {
  const headers = key === undefined ? undefined : { authorization: `Bearer ${key}` }
  let response: Response
  try {
    response = await fetch(path, { signal, ...(headers === undefined ? undefined : { headers }) })
  } catch (cause) {
    if (signal.aborted) throw cause
    throw new StanchionError({
      code: 'connectionFailed',
      detail: 'The server did not answer.',
      isOutcomeUnknown: false,
      isTransient: true,
      cause,
    })
  }
  const body: unknown = await response.json().catch(() => undefined)
  if (response.ok && body !== undefined) return body as Answer
  const { code = 'invalidAnswer', detail, requestId } = (body ?? {}) as Partial<Problem>
  throw new StanchionError({
    code: code as StanchionError['code'],
    detail: detail ?? `The server answered ${response.status}.`,
    status: response.status,
    requestId,
    isOutcomeUnknown: false,
    isTransient: response.status >= 500,
  })
}
