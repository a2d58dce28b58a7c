/** A call of the REST API, as a command shows it. */
export interface CurlCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** Without a trailing slash, such as `http://127.0.0.1:9324`. */
  readonly baseUrl: string
  /** Encoded where it must be; begins with a slash. See {@link restPath}. */
  readonly path: string
  readonly body?: unknown
  /** Whether the server asks for an access key. The key itself never stands in a command: it would end up in histories. */
  readonly needsKey: boolean
}

/** The variable that holds `<id>.<secret>` in every command of the console. */
export const KEY_VARIABLE = 'STANCHION_KEY'

/** The command of curl that makes a call, fit for sh, bash and zsh. */
export function curlCommand({ method, baseUrl, path, body, needsKey }: CurlCall): string {
  const words = ['curl -sS']
  // What has a body is a POST anyway.
  if (method !== 'GET' && !(method === 'POST' && body !== undefined)) words[0] += ` -X ${method}`
  words[0] += ` ${shellQuote(`${baseUrl}${path}`)}`
  // In double quotes, because the shell must put the variable in.
  if (needsKey) words.push(`-H "authorization: Bearer $${KEY_VARIABLE}"`)
  if (body !== undefined) {
    words.push(`-H 'content-type: application/json'`)
    words.push(`--data-raw ${shellQuote(JSON.stringify(body))}`)
  }
  return words.join(' \\\n  ')
}

/** Puts a text into single quotes, in which no character means anything but the single quote. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** The path of an address template such as `/v1/queues/{queue}/purge`. */
export function restPath(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`the address ${template} needs ${name}`)
    return encodeURIComponent(value)
  })
}
