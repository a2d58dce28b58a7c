import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import pg from 'pg'

/** Where the migrations stand in a checkout. */
const MIGRATIONS_DIRECTORY = new URL('../../../../migrations/', import.meta.url)

/** Any number will do, as long as every node of every release takes the same one. */
const MIGRATION_LOCK = 7_236_455_021

const LOCK_NOT_AVAILABLE = '55P03'
const ATTEMPTS_MAX = 60

const MIGRATION_TABLE_EXISTS = "SELECT WHERE to_regclass('stanchion.migration') IS NOT NULL"

interface Migration {
  readonly version: number
  readonly name: string
  readonly text: string
  readonly checksum: string
  readonly isBreaking: boolean
}

/**
 * Brings the schema up to date. Any number of nodes may do so at once: one works, the others wait and find it done. Each
 * file is one transaction, is applied once, and may not change afterwards.
 * @returns the names of the files that were applied
 * @throws Error when a released file was changed, or when the database is newer in a way this release cannot work with
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const migrations = await readMigrations()
  for (let attempt = 1; ; attempt++) {
    try {
      return await applyMigrations(databaseUrl, migrations)
    } catch (error) {
      if ((error as { code?: string }).code !== LOCK_NOT_AVAILABLE || attempt === ATTEMPTS_MAX) throw error
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }
}

/**
 * The names of the files that `migrate` would apply. Changes nothing.
 * @throws Error as `migrate`
 */
export async function pendingMigrations(databaseUrl: string): Promise<string[]> {
  const migrations = await readMigrations()
  return withClient(databaseUrl, async (client) => (await pendingOf(client, migrations)).map(({ name }) => name))
}

async function applyMigrations(databaseUrl: string, migrations: readonly Migration[]): Promise<string[]> {
  return withClient(databaseUrl, async (client) => {
    await client.query('BEGIN')
    await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK])
    // A migration that waits for a table would queue every sender behind it: it gives up and comes back.
    await client.query("SET LOCAL lock_timeout = '1s'")
    // IF NOT EXISTS would ask for the right to create even where there is nothing to create.
    if (!(await exists(client, "SELECT FROM pg_namespace WHERE nspname = 'stanchion'"))) {
      await client.query('CREATE SCHEMA stanchion')
    }
    if (!(await exists(client, MIGRATION_TABLE_EXISTS))) {
      await client.query(
        `CREATE TABLE stanchion.migration (
           version integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, breaking boolean NOT NULL,
           applied_at timestamptz NOT NULL DEFAULT now())`,
      )
    }
    const pending = await pendingOf(client, migrations)
    for (const migration of pending) {
      await client.query(migration.text)
      await client.query(
        'INSERT INTO stanchion.migration (version, name, checksum, breaking) VALUES ($1, $2, $3, $4)',
        [migration.version, migration.name, migration.checksum, migration.isBreaking],
      )
    }
    await client.query('COMMIT')
    return pending.map(({ name }) => name)
  })
}

async function pendingOf(client: pg.Client, migrations: readonly Migration[]): Promise<Migration[]> {
  if (!(await exists(client, MIGRATION_TABLE_EXISTS))) return [...migrations]
  const { rows } = await client.query<{ version: number; name: string; checksum: string; breaking: boolean }>(
    'SELECT version, name, checksum, breaking FROM stanchion.migration ORDER BY version',
  )
  for (const applied of rows) refuseConflict(applied, migrations)
  const done = new Set(rows.map((row) => row.version))
  return migrations.filter(({ version }) => !done.has(version))
}

async function withClient<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'stanchion migration' })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function exists(client: pg.Client, query: string): Promise<boolean> {
  return ((await client.query(query)).rowCount ?? 0) > 0
}

function refuseConflict(
  applied: { version: number; name: string; checksum: string; breaking: boolean },
  migrations: readonly Migration[],
): void {
  const known = migrations.find((migration) => migration.version === applied.version)
  if (known === undefined) {
    if (!applied.breaking) return
    throw new Error(
      `The database has migration ${applied.name}, which this release does not know and which breaks older releases. Run a newer release.`,
    )
  }
  if (known.checksum !== applied.checksum) {
    throw new Error(`Migration ${applied.name} was changed after it had been applied to this database.`)
  }
}

async function readMigrations(): Promise<Migration[]> {
  const names = (await readdir(MIGRATIONS_DIRECTORY)).filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(name, MIGRATIONS_DIRECTORY), 'utf8')
      return {
        version: Number(name.slice(0, 4)),
        name,
        text,
        checksum: createHash('sha256').update(text).digest('hex'),
        isBreaking: /^-- breaking: yes$/m.test(text),
      }
    }),
  )
}
