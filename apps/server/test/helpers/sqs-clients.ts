/** What a raw call was answered. `code` is the query code of an error, in either protocol. */
export interface RawAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly code: string | undefined
  readonly message: string | undefined
}

/** Calls an action over AWS JSON 1.0 with exactly this body. */
export async function callJson(
  server: { readonly url: string },
  action: string,
  body: string | Uint8Array<ArrayBuffer>,
): Promise<RawAnswer> {
  const response = await fetch(`${server.url}/`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${action}` },
    body,
  })
  const text = await response.text()
  const code = response.headers.get('x-amzn-query-error')?.split(';')[0]
  const message = code === undefined ? undefined : (JSON.parse(text).message ?? JSON.parse(text).Message)
  return { status: response.status, headers: response.headers, text, code, message }
}

/** Calls an action over the Query protocol, as a form sent to `path`. */
export async function callQuery(
  server: { readonly url: string },
  form: Record<string, string> | string,
  path = '/',
): Promise<RawAnswer> {
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    text,
    code: element(text, 'Code'),
    message: element(text, 'Message'),
  }
}

/** The text of the first element of this name, unescaped. */
export function element(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`)
    .exec(xml)?.[1]
    ?.replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&#xD;', '\r')
    .replaceAll('&amp;', '&')
}
