import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { QueueError } from '../errors.ts'
import type { EngineLogger } from '../types.ts'
import { DatabaseClock } from './database-clock.ts'
import { destroySocket } from './destroy-socket.ts'
import { guardQueries } from './guard-queries.ts'
import { HotQuery } from './hot-query.ts'
import { classifyFailure, toQueueError } from './sqlstate.ts'
import type { Tables } from './tables.ts'
import { UnconfirmedCommits } from './unconfirmed-commits.ts'
import { withSessionSettings } from './with-session-settings.ts'

/** A hot statement: its text and the name under which a connection keeps it prepared. */
export interface Statement {
  readonly name: string
  readonly text: string
}

export interface DatabaseOptions {
  readonly url: string
  readonly pooler: 'none' | 'transaction'
  readonly poolSizeMax: number
  readonly deadlineMs: number
  readonly logger: EngineLogger
}

/**
 * Plans of the hot statements are made once, often on empty tables; these settings keep them on their indexes whatever
 * the tables looked like (storage.md, section 3). Citus needs `auto`, because generic plans fail there.
 */
function plannerSettings(isCitus: boolean): Record<string, string> {
  return {
    plan_cache_mode: isCitus ? 'auto' : 'force_generic_plan',
    enable_seqscan: 'off',
    enable_bitmapscan: 'off',
    enable_sort: 'off',
    enable_hashjoin: 'off',
    enable_mergejoin: 'off',
    jit: 'off',
  }
}

const INT8_OID = 20

/** How the answers of hot statements are read: as `pg` does, but for large numbers, whose text it looks through to leave it as it is. */
const HOT_TYPES: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === INT8_OID ? (text: string) => text : pg.types.getTypeParser(oid, format as 'text'),
}

/** All connections of an engine: a pool for hot statements, a small one for the catalogue and the duties. */
export class Database {
  readonly clock = new DatabaseClock()
  /** The catalogue and the background duties, on connections with the planner's own settings. */
  readonly catalogue: Kysely<Tables>
  readonly #options: DatabaseOptions
  readonly #hot: pg.Pool
  readonly #cataloguePool: pg.Pool
  readonly #unconfirmed = new UnconfirmedCommits()
  #reachable = true

  constructor(options: DatabaseOptions, isCitus: boolean) {
    this.#options = options
    const session = {
      ...plannerSettings(isCitus),
      default_transaction_isolation: 'read committed',
      lock_timeout: `${Math.ceil(options.deadlineMs / 2)}ms`,
      statement_timeout: `${options.deadlineMs}ms`,
      // A server must not go on with the work of a node that cannot hear it any more.
      tcp_user_timeout: `${options.deadlineMs}ms`,
    }
    this.#hot = new pg.Pool({
      ...(options.pooler === 'none' ? withSessionSettings(options.url, session) : { connectionString: options.url }),
      max: options.poolSizeMax,
      connectionTimeoutMillis: options.deadlineMs / 2,
      idleTimeoutMillis: 60_000,
      application_name: 'stanchion',
      keepAlive: true,
    })
    this.#cataloguePool = cataloguePool(options)
    for (const pool of [this.#hot, this.#cataloguePool]) {
      // Without a listener a connection that dies, idle or between two uses, would end the process.
      pool.on('connect', (client) => {
        client.on('error', (error) => options.logger.debug({ err: error }, 'a database connection was lost'))
        this.#unconfirmed.watch(client)
      })
      pool.on('error', (error) => options.logger.warn({ err: error }, 'an idle database connection was lost'))
    }
    this.#cataloguePool.on('connect', (client) => guardQueries(client, options.deadlineMs, this.#unconfirmed))
    this.catalogue = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: this.#cataloguePool }) })
  }

  get poolTotal(): number {
    return this.#hot.totalCount
  }
  get poolIdle(): number {
    return this.#hot.idleCount
  }
  get poolWaiting(): number {
    return this.#hot.waitingCount
  }
  get reachable(): boolean {
    return this.#reachable
  }

  /**
   * Runs one autocommit statement on a hot connection and answers its rows as arrays. It resolves only after the server
   * is ready for the next query, hence after the commit (G23). It takes `timeoutMs` at most, the wait for a connection included.
   * A statement that does not answer by then loses its connection, so that it can never be mistaken for a later one's answer.
   * @throws QueueError `unavailable` when no connection could be had; otherwise what `pg` throws, see `classifyFailure`
   */
  async run(
    statement: Statement,
    values: readonly unknown[],
    timeoutMs = this.#options.deadlineMs,
  ): Promise<unknown[][]> {
    let client: pg.PoolClient | undefined
    const { promise: late, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => {
      if (client === undefined) reject(new Error('no connection was to be had in time'))
      else destroySocket(client)
    }, timeoutMs)
    try {
      client = await this.#connect(late)
      const { name, text } = statement
      const rows = await HotQuery.run(
        client,
        this.#options.pooler === 'none' ? { name, text } : { text },
        values,
        HOT_TYPES,
      )
      this.#unconfirmed.refuse(client)
      client.release()
      return rows
    } catch (error) {
      if (client === undefined) throw error
      // Only an error that the server sent as such leaves the connection usable, and not that it is read-only now.
      const { severity, code } = error as { severity?: string; code?: string }
      const isUsable = severity === 'ERROR' && code !== '25006'
      client.release(!isUsable)
      if (severity !== 'ERROR') this.#reachable = false
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  /**
   * As {@link run}, for a statement that changes nothing: a connection that breaks under it says little about the database, so it is asked
   * once more on another one, within the time for both.
   */
  async ask(statement: Statement, values: readonly unknown[]): Promise<unknown[][]> {
    const endsAtMs = performance.now() + this.#options.deadlineMs
    try {
      return await this.run(statement, values)
    } catch (error) {
      const remainingMs = endsAtMs - performance.now()
      if (error instanceof QueueError || classifyFailure(error) !== 'unknown' || remainingMs <= 0) throw error
      return this.run(statement, values, remainingMs)
    }
  }

  /** A hot connection, unless it is late. The pool's own limit is longer than what may be left of a request's time. */
  async #connect(late: Promise<never>): Promise<pg.PoolClient> {
    const connecting = this.#hot.connect()
    try {
      const client = await Promise.race([connecting, late])
      this.#reachable = true
      return client
    } catch (error) {
      // One that comes after all is of use to others.
      connecting.then(
        (client) => client.release(),
        () => undefined,
      )
      this.#reachable = false
      throw new QueueError('unavailable', 'The database cannot be reached; nothing was done.', { cause: error })
    }
  }

  /** Runs catalogue work and turns what `pg` throws into the engine's errors. */
  async withCatalogue<T>(work: (catalogue: Kysely<Tables>) => Promise<T>): Promise<T> {
    try {
      return await work(this.catalogue)
    } catch (error) {
      throw toCatalogueError(error)
    }
  }

  /** What a statement is told about the time: a deadline on the database's own clock, as text for `timestamptz`. */
  deadline(remainingMs = this.#options.deadlineMs): string {
    return new Date(this.clock.nowMs() + remainingMs).toISOString()
  }

  /** Takes note of the database's time, in milliseconds, if this is one. */
  observeTime(nowMs: unknown): void {
    if (typeof nowMs === 'number') this.clock.observe(nowMs)
  }

  async close(): Promise<void> {
    await Promise.all([this.#hot.end(), this.catalogue.destroy()])
  }
}

function cataloguePool(options: DatabaseOptions): pg.Pool {
  return new pg.Pool({
    ...(options.pooler === 'none'
      ? withSessionSettings(options.url, { default_transaction_isolation: 'read committed', jit: 'off' })
      : { connectionString: options.url }),
    max: 4,
    connectionTimeoutMillis: options.deadlineMs / 2,
    application_name: 'stanchion catalogue',
    keepAlive: true,
  })
}

/**
 * A connection that could not be made carries no SQLSTATE; in the catalogue it means that nothing was done. One that was made and
 * reset has a code of the same family, and nobody knows what was done on it.
 */
function toCatalogueError(error: unknown): Error {
  const { code, syscall, message } = error as { code?: unknown; syscall?: unknown; message?: unknown }
  if (code === 'ECONNREFUSED' || syscall === 'connect' || syscall === 'getaddrinfo') {
    return new QueueError('unavailable', 'The database cannot be reached; nothing was done.', { cause: error })
  }
  if (typeof message === 'string' && message.includes('timeout exceeded when trying to connect')) {
    return new QueueError('unavailable', 'The database cannot be reached; nothing was done.', { cause: error })
  }
  return toQueueError(error)
}
