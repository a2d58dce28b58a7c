/** How a connection is made: where to, and what its session starts with. */
export interface SessionConfig {
  readonly connectionString: string
  readonly options: string
}

/**
 * A connection whose session starts with these settings. `pg` takes `options` from the URL instead of those beside it, so what the URL
 * says is taken out and put before ours: its settings hold as far as they are others, and ours always do.
 */
export function withSessionSettings(url: string, settings: Readonly<Record<string, string>>): SessionConfig {
  const [address = '', query] = url.split('?', 2)
  const parameters = new URLSearchParams(query)
  const given = parameters.getAll('options')
  parameters.delete('options')
  const ours = Object.entries(settings).map(([name, value]) => `-c ${name}=${value.replaceAll(' ', '\\ ')}`)
  return {
    connectionString: parameters.size === 0 ? address : `${address}?${parameters}`,
    options: [...given, ...ours].join(' '),
  }
}
