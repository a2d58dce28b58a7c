import pg from 'pg'
import { withSessionSettings } from './with-session-settings.ts'

/** Facts about the server that the engine needs before it starts. */
export interface DatabaseFacts {
  readonly isCitus: boolean
}

const QUERY = `
  SELECT current_setting('server_version_num')::integer AS version, current_setting('fsync') AS fsync,
         current_setting('full_page_writes') AS full_page_writes,
         current_setting('synchronous_commit') AS synchronous_commit,
         current_setting('zero_damaged_pages') AS zero_damaged_pages,
         current_setting('ignore_checksum_failure') AS ignore_checksum_failure,
         current_setting('default_transaction_isolation') AS isolation, pg_encoding_to_char(encoding) AS encoding,
         current_setting('transaction_read_only') AS read_only, pg_is_in_recovery() AS in_recovery,
         EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus') AS is_citus
  FROM pg_database WHERE datname = current_database()`

export interface CheckOptions {
  readonly databaseUrl: string
  /** Start all the same, except on a server that cannot work at all. */
  readonly allowUnsafe: boolean
  /** Whether connections bring settings of their own, which a transaction pooler refuses. */
  readonly hasSessionSettings: boolean
}

/**
 * Refuses a server that cannot keep the promises (G33): every reason is named at once.
 * @throws Error with one line a reason
 */
export async function checkDatabase({
  databaseUrl,
  allowUnsafe,
  hasSessionSettings,
}: CheckOptions): Promise<DatabaseFacts> {
  const client = new pg.Client({
    application_name: 'stanchion check',
    ...(hasSessionSettings ? withSessionSettings(databaseUrl, { jit: 'off' }) : { connectionString: databaseUrl }),
  })
  await client.connect().catch((error: unknown) => {
    throw isPoolerRefusal(error) ? new Error(BEHIND_POOLER, { cause: error }) : error
  })
  try {
    const { rows } = await client.query(QUERY)
    const facts = rows[0]
    const impossible: string[] = []
    const unsafe: string[] = []
    if (facts.version < 150_000)
      impossible.push(`Postgres ${Math.floor(facts.version / 10_000)} is too old: 15 or newer is needed.`)
    if (facts.encoding !== 'UTF8') impossible.push(`The database encoding is ${facts.encoding}: UTF8 is needed.`)
    if (facts.in_recovery || facts.read_only === 'on')
      impossible.push('The server is read-only: it is a standby, or default_transaction_read_only is on.')
    if (facts.fsync === 'off') unsafe.push('fsync is off: acknowledged messages are lost when the machine stops.')
    if (facts.full_page_writes === 'off') unsafe.push('full_page_writes is off: a power cut can damage the data.')
    if (facts.synchronous_commit === 'off')
      unsafe.push('synchronous_commit is off: the last acknowledged messages are lost in a crash.')
    if (facts.zero_damaged_pages === 'on')
      unsafe.push('zero_damaged_pages is on: damaged messages vanish without an error.')
    if (facts.ignore_checksum_failure === 'on')
      unsafe.push('ignore_checksum_failure is on: damaged messages are delivered without an error.')
    if (facts.isolation !== 'read committed')
      unsafe.push(`default_transaction_isolation is "${facts.isolation}": "read committed" is needed.`)
    const reasons = allowUnsafe ? impossible : [...impossible, ...unsafe]
    if (reasons.length > 0) {
      const override =
        unsafe.length > 0 ? '\nSTANCHION_ALLOW_UNSAFE_DATABASE=true starts anyway, without the promises.' : ''
      throw new Error(
        `This database cannot keep Stanchion's promises:\n${reasons.map((reason) => `  - ${reason}`).join('\n')}${override}`,
      )
    }
    return { isCitus: facts.is_citus }
  } finally {
    await client.end()
  }
}

const BEHIND_POOLER =
  'The database is behind a pooler that refuses session settings. Set STANCHION_DATABASE_POOLER=transaction, and ' +
  'STANCHION_LISTEN_DATABASE_URL to a direct connection.'

/** What PgBouncer says to a connection that brings `options`. */
function isPoolerRefusal(error: unknown): boolean {
  return error instanceof Error && error.message.includes('unsupported startup parameter')
}
