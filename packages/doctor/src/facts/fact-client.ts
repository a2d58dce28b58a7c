import pg from 'pg'
import type { Known } from './facts.ts'

/** How long one statement may take; what is slower is not worth a finding. */
const STATEMENT_TIMEOUT_MS = 1_000
const LOCK_TIMEOUT_MS = 100
const CONNECT_TIMEOUT_MS = 3_000

/**
 * A connection of the doctor's own: it works while the pools of a node are exhausted and takes nothing from them. Every statement is
 * a read-only transaction with timeouts of its own, sent as one text, so that it also passes through a transaction pooler.
 */
export class FactClient {
  readonly #client: pg.Client

  private constructor(client: pg.Client) {
    this.#client = client
  }

  /** @throws Error when the database cannot be reached */
  static async connect(databaseUrl: string): Promise<FactClient> {
    const client = new pg.Client({
      connectionString: databaseUrl,
      application_name: 'stanchion doctor',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: 2 * STATEMENT_TIMEOUT_MS,
    })
    // Without a listener a connection that dies would end the process.
    client.on('error', () => {})
    try {
      await client.connect()
    } catch (error) {
      await client.end().catch(() => {})
      throw error
    }
    return new FactClient(client)
  }

  /** Asks; what cannot be answered becomes a sentence that says why. */
  async ask<T>(statement: string, toFact: (rows: Record<string, unknown>[]) => T): Promise<Known<T>> {
    try {
      const results = (await this.#client.query(`BEGIN READ ONLY;
        SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT_MS}; SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS};
        ${statement}; COMMIT`)) as unknown as pg.QueryResult<Record<string, unknown>>[]
      return { value: toFact(results[3]?.rows ?? []) }
    } catch (error) {
      await this.#client.query('ROLLBACK').catch(() => {})
      return { unknown: reasonOf(error) }
    }
  }

  async close(): Promise<void> {
    await this.#client.end().catch(() => {})
  }
}

const NO_SCHEMA =
  'The tables of Stanchion are not there, or older than this release: start a server or run "stanchion migrate".'

const REASONS: Readonly<Record<string, string>> = {
  '42501': 'The role of DATABASE_URL may not read this',
  '42P01': NO_SCHEMA,
  '42703': NO_SCHEMA,
  '42883': NO_SCHEMA,
  '3F000': NO_SCHEMA,
  '55P03': 'The tables are locked by somebody else just now.',
  '57014': `Postgres took more than ${STATEMENT_TIMEOUT_MS / 1_000} s to answer.`,
}

function reasonOf(error: unknown): string {
  const { code = '', message = String(error) } = error as { code?: string; message?: string }
  const reason = REASONS[code]
  if (reason === undefined) return `Postgres could not answer: ${message}.`
  return code === '42501' ? `${reason}: ${message}.` : reason
}
