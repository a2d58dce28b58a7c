import { randomBytes, timingSafeEqual } from 'node:crypto'
import pg from 'pg'
import { type AccessKey, type NewAccessKey, type NewSecret, ROLES, type Role } from './access-key.ts'
import { IdentityError } from './identity-error.ts'
import type { MasterKey } from './master-key.ts'
import { isQueuePattern } from './queue-pattern.ts'
import { openSecret, sealSecret } from './sealed-secret.ts'

export interface AccessKeysOptions {
  readonly databaseUrl: string
  readonly masterKey: MasterKey
}

/** A key together with its secret, as this node remembers it. */
interface Known {
  readonly key: AccessKey
  readonly secret: string
  readonly secretBytes: Buffer
}

/** What an id can be; it keeps out what no text of Postgres can hold. */
const KEY_ID = /^[A-Z0-9]{16,128}$/
/** How long a node believes what it read about a key, so that a request costs no look-up. */
const BELIEVED_MS = 5_000
/** Ids are remembered up to this number, those of no key too: a stranger's guesses must not reach the database each time. */
const REMEMBERED_MAX = 10_000
/** A look-up is part of a request, which must end in time (G28). */
const TIMEOUT_MS = 5_000
const USES_WRITTEN_EVERY_MS = 30_000
/** How long a rotated key and its successor may overlap: up to thirty days. */
const OVERLAP_SECONDS_MAX = 30 * 86_400

const COLUMNS = `access_key_id, account_id, description, role, queue_pattern, sealed_secret, created_at, expires_at, disabled_at,
  last_used_at, expires_at <= stanchion.clock() AS is_expired`

/** The access keys of all accounts, kept in the database; secrets are sealed (G37). The schema must be up to date. */
export class AccessKeys {
  readonly #masterKey: MasterKey
  readonly #pool: pg.Pool
  readonly #remembered = new Map<string, { readonly known: Known | undefined; readonly untilMs: number }>()
  readonly #usedIds = new Set<string>()
  readonly #usesTimer: NodeJS.Timeout

  constructor({ databaseUrl, masterKey }: AccessKeysOptions) {
    this.#masterKey = masterKey
    this.#pool = new pg.Pool({
      connectionString: databaseUrl,
      max: 2,
      connectionTimeoutMillis: TIMEOUT_MS,
      query_timeout: TIMEOUT_MS,
      application_name: 'stanchion keys',
    })
    // Without listeners a connection that dies, idle or between two statements, would end the process.
    this.#pool.on('error', () => undefined)
    this.#pool.on('connect', (client) => client.on('error', () => undefined))
    this.#usesTimer = setInterval(() => this.writeUses().catch(() => undefined), USES_WRITTEN_EVERY_MS)
    this.#usesTimer.unref()
  }

  /** @throws IdentityError `invalidAccessKey`, `unavailable`, `outcomeUnknown` */
  async create(input: NewAccessKey): Promise<NewSecret> {
    const { accountId, role, queuePattern = '*', description = '' } = input
    if (!/^\d{12}$/.test(accountId)) throw invalid('accountId', 'An account is twelve digits.')
    if (!ROLES.includes(role)) throw invalid('role', `A role is one of ${ROLES.join(', ')}.`)
    if (!isQueuePattern(queuePattern)) {
      throw invalid('queuePattern', 'A queue pattern is 1 to 80 letters, digits, and the characters - _ . and *.')
    }
    if (description.length > 256 || /\p{Cc}/u.test(description)) {
      throw invalid('description', 'A description is up to 256 characters without control characters.')
    }
    return this.#insert({ accountId, role, queuePattern, description })
  }

  /** Every key of an account, oldest first. */
  async list(accountId: string): Promise<AccessKey[]> {
    const { rows } = await this.#query(
      `SELECT ${COLUMNS} FROM stanchion.access_key WHERE account_id = $1 ORDER BY created_at, access_key_id`,
      [accountId],
    )
    return rows.map(toAccessKey)
  }

  /**
   * Refuses a key from now on; other nodes follow within five seconds. Twice is fine.
   * @throws IdentityError `accessKeyNotFound`, `unavailable`, `outcomeUnknown`
   */
  async disable(accountId: string, id: string): Promise<AccessKey> {
    if (!KEY_ID.test(id)) throw notFound()
    const { rows } = await this.#change(
      `UPDATE stanchion.access_key SET disabled_at = coalesce(disabled_at, stanchion.clock())
       WHERE account_id = $1 AND access_key_id = $2 RETURNING ${COLUMNS}`,
      [accountId, id],
    )
    this.#remembered.delete(id)
    return toAccessKey(required(rows[0]))
  }

  /**
   * Makes a successor with the same role and pattern. The old key works for `overlapSeconds` more, so that its users can change
   * over one after the other.
   * @throws IdentityError `accessKeyNotFound`, `invalidAccessKey`, `unavailable`, `outcomeUnknown`
   */
  async rotate(accountId: string, id: string, overlapSeconds: number): Promise<NewSecret> {
    if (!Number.isInteger(overlapSeconds) || overlapSeconds < 0 || overlapSeconds > OVERLAP_SECONDS_MAX) {
      throw invalid('overlapSeconds', `An overlap is a whole number of seconds from 0 to ${OVERLAP_SECONDS_MAX}.`)
    }
    if (!KEY_ID.test(id)) throw notFound()
    const client = await this.#connect()
    try {
      await client.query('BEGIN')
      // An expiry that is nearer already stays: a rotation never lengthens a key's life.
      const { rows } = await client.query<Row>(
        `UPDATE stanchion.access_key SET expires_at = least(expires_at, stanchion.clock() + $3 * interval '1 second')
         WHERE account_id = $1 AND access_key_id = $2 AND disabled_at IS NULL
           AND (expires_at IS NULL OR expires_at > stanchion.clock()) RETURNING ${COLUMNS}`,
        [accountId, id, overlapSeconds],
      )
      const successor = await this.#insert(toAccessKey(required(rows[0])), client)
      await client.query('COMMIT').catch((error: unknown) => {
        throw afterChange(error)
      })
      client.release()
      this.#remembered.delete(id)
      return successor
    } catch (error) {
      // Ends the transaction whatever state it is in.
      client.release(true)
      throw error instanceof IdentityError ? error : unavailable(error)
    }
  }

  /**
   * The key of this id with its secret, and `undefined` when there is none that works: never made, disabled or expired.
   * @throws IdentityError `wrongMasterKey`
   */
  async find(id: string): Promise<{ readonly key: AccessKey; readonly secret: string } | undefined> {
    return this.#find(id)
  }

  /** The key that a bearer token `<id>.<secret>` proves, compared in constant time; `undefined` when it proves none. */
  async findByToken(token: string): Promise<AccessKey | undefined> {
    const dot = token.indexOf('.')
    const known = dot < 0 ? undefined : await this.#find(token.slice(0, dot))
    if (known === undefined) return undefined
    const given = Buffer.from(token.slice(dot + 1))
    return given.length === known.secretBytes.length && timingSafeEqual(given, known.secretBytes)
      ? known.key
      : undefined
  }

  /** Notes that a key was used just now; written down twice a minute. */
  used(id: string): void {
    this.#usedIds.add(id)
  }

  /** Writes down which keys were used since the last time. */
  async writeUses(): Promise<void> {
    if (this.#usedIds.size === 0) return
    const ids = [...this.#usedIds].sort()
    this.#usedIds.clear()
    await this.#pool.query(
      'UPDATE stanchion.access_key SET last_used_at = stanchion.clock() WHERE access_key_id = ANY ($1::text[])',
      [ids],
    )
  }

  /** Writes down the last uses and closes the connections. */
  async close(): Promise<void> {
    clearInterval(this.#usesTimer)
    await this.writeUses().catch(() => undefined)
    await this.#pool.end()
  }

  async #find(id: string): Promise<Known | undefined> {
    if (!KEY_ID.test(id)) return undefined
    const remembered = this.#remembered.get(id)
    if (remembered !== undefined && remembered.untilMs > performance.now()) return remembered.known
    const { rows } = await this.#query(`SELECT ${COLUMNS} FROM stanchion.access_key WHERE access_key_id = $1`, [id])
    const [row] = rows
    const isWorking = row !== undefined && row.disabled_at === null && row.is_expired !== true
    const known = isWorking ? this.#open(row) : undefined
    if (this.#remembered.size >= REMEMBERED_MAX) this.#remembered.clear()
    this.#remembered.set(id, { known, untilMs: performance.now() + BELIEVED_MS })
    return known
  }

  #open(row: Row): Known {
    const secret = openSecret(this.#masterKey, row.access_key_id, row.sealed_secret)
    return { key: toAccessKey(row), secret, secretBytes: Buffer.from(secret) }
  }

  async #insert(
    input: Required<Pick<AccessKey, 'accountId' | 'role' | 'queuePattern' | 'description'>>,
    client?: pg.PoolClient,
  ): Promise<NewSecret> {
    const id = newId()
    const secret = randomBytes(30).toString('base64url')
    const text = `INSERT INTO stanchion.access_key (access_key_id, account_id, description, role, queue_pattern, sealed_secret, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, stanchion.clock()) RETURNING ${COLUMNS}`
    const sealed = sealSecret(this.#masterKey, id, secret)
    const values = [id, input.accountId, input.description, input.role, input.queuePattern, sealed]
    const { rows } = await (client === undefined ? this.#change(text, values) : client.query<Row>(text, values))
    return { key: toAccessKey(required(rows[0])), secret }
  }

  async #connect(): Promise<pg.PoolClient> {
    return this.#pool.connect().catch((error: unknown) => {
      throw unavailable(error)
    })
  }

  /** One statement that changes something, and is a transaction. */
  async #change(text: string, values: unknown[]): Promise<pg.QueryResult<Row>> {
    const client = await this.#connect()
    try {
      const result = await client.query<Row>(text, values)
      client.release()
      return result
    } catch (error) {
      client.release(true)
      throw afterChange(error)
    }
  }

  /** One that reads. */
  async #query(text: string, values: unknown[]): Promise<pg.QueryResult<Row>> {
    return this.#pool.query<Row>(text, values).catch((error: unknown) => {
      throw unavailable(error)
    })
  }
}

interface Row {
  access_key_id: string
  account_id: string
  description: string
  role: Role
  queue_pattern: string
  sealed_secret: Buffer
  created_at: Date
  expires_at: Date | null
  disabled_at: Date | null
  last_used_at: Date | null
  is_expired: boolean | null
}

function toAccessKey(row: Row): AccessKey {
  return {
    id: row.access_key_id,
    accountId: row.account_id,
    description: row.description,
    role: row.role,
    queuePattern: row.queue_pattern,
    createdAt: row.created_at,
    expiresAt: row.expires_at ?? undefined,
    disabledAt: row.disabled_at ?? undefined,
    lastUsedAt: row.last_used_at ?? undefined,
  }
}

function required(row: Row | undefined): Row {
  if (row === undefined) throw notFound()
  return row
}

function notFound(): IdentityError {
  return new IdentityError('accessKeyNotFound', 'There is no such access key that works.')
}

function unavailable(cause: unknown): IdentityError {
  return new IdentityError('unavailable', 'The database of the access keys cannot answer.', { cause })
}

/** What the server itself says was not done has the severity of an error; anything else means that the connection broke before it answered. */
function afterChange(cause: unknown): IdentityError {
  if ((cause as { severity?: unknown }).severity === 'ERROR') return unavailable(cause)
  const message = 'The connection to the database broke; the access key may have been changed.'
  return new IdentityError('outcomeUnknown', message, { cause })
}

function invalid(field: string, message: string): IdentityError {
  return new IdentityError('invalidAccessKey', message, { field })
}

const ID_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** `SK` and eighteen characters of ninety random bits, in the alphabet that AWS uses for its key ids. */
function newId(): string {
  let id = 'SK'
  for (const byte of randomBytes(18)) id += ID_ALPHABET[byte & 31]
  return id
}
