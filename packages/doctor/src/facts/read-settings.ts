import type { FactClient } from './fact-client.ts'
import type { Known } from './facts.ts'

const NAMES = [
  ...['server_version', 'server_version_num', 'fsync', 'full_page_writes', 'synchronous_commit', 'track_counts'],
  ...['track_activities', 'autovacuum', 'autovacuum_naptime', 'autovacuum_vacuum_scale_factor', 'max_connections'],
  ...['autovacuum_vacuum_threshold', 'autovacuum_vacuum_cost_delay', 'vacuum_cost_delay', 'archive_mode'],
  ...['superuser_reserved_connections', 'reserved_connections', 'autovacuum_freeze_max_age'],
  ...['default_transaction_isolation', 'default_transaction_read_only', 'max_slot_wal_keep_size'],
] as const

export type SettingName = (typeof NAMES)[number]

/** The settings of the server as the role of the connection has them; every role may read these. */
const STATEMENT = `SELECT name, setting, source FROM pg_settings WHERE name IN (${NAMES.map((name) => `'${name}'`).join(', ')})
  UNION ALL SELECT 'in_recovery', CASE WHEN pg_is_in_recovery() THEN 'on' ELSE 'off' END, NULL`

/** Settings, in the units that Postgres keeps them in. */
export class Settings {
  readonly #settings: ReadonlyMap<string, { readonly value: string; readonly source: string }>

  constructor(settings: ReadonlyMap<string, { readonly value: string; readonly source: string }>) {
    this.#settings = settings
  }

  /** Empty when this version of Postgres does not have it. */
  text(name: SettingName | 'in_recovery'): string {
    return this.#settings.get(name)?.value ?? ''
  }

  /** 0 when this version of Postgres does not have it. */
  number(name: SettingName): number {
    return Number(this.text(name))
  }

  /** Where the value comes from, in the words of `pg_settings.source`. */
  source(name: SettingName): string {
    return this.#settings.get(name)?.source ?? ''
  }
}

export function readSettings(client: FactClient): Promise<Known<Settings>> {
  return client.ask(
    STATEMENT,
    (rows) =>
      new Settings(
        new Map(
          rows.map(({ name, setting, source }) => [
            String(name),
            { value: String(setting), source: String(source ?? '') },
          ]),
        ),
      ),
  )
}
