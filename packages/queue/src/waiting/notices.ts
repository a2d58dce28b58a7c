import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { EngineLogger } from '../types.ts'

const CHANNEL = 'stanchion_notices'
/** After a notice the next ones are gathered for so long and sent as one: it is what a wake-up on another node costs at most. */
const COALESCE_MS = 15
const HELLO_MS = 5_000
const PEER_SILENT_MS = 16_000
/** Postgres refuses payloads of 8,000 bytes. */
const PAYLOAD_LENGTH_MAX = 7_500
const RECONNECT_MS = 500

export interface NoticesOptions {
  readonly databaseUrl: string
  readonly logger: EngineLogger
  /** Another node says that something becomes deliverable in a queue in `delayMs` (0: now). */
  onNotice(queueId: number, delayMs: number): void
  /** Notices may have been missed: everybody should look. */
  onConnected(): void
}

/**
 * Hints between nodes: "this queue has something, now or in so many milliseconds". They travel by NOTIFY on a connection
 * of their own, never inside a write (which would take a lock for the whole server), are coalesced, and are sent only
 * while other nodes are there. Losing one costs latency and nothing else: the safety tick finds what it announced.
 */
export class Notices {
  readonly #options: NoticesOptions
  readonly #nodeId = randomUUID().slice(0, 8)
  readonly #peers = new Map<string, number>()
  readonly #pending = new Map<number, number>()
  /** Until when (by this node's clock) a due moment that was announced for a queue is still ahead. */
  readonly #announced = new Map<number, number>()
  #client: pg.Client | undefined
  /** The last notice that was given to the connection; the next one follows it. */
  #lastSent: Promise<unknown> = Promise.resolve()
  #flushTimer: NodeJS.Timeout | undefined
  #flushedAtMs = Number.NEGATIVE_INFINITY
  #helloTimer: NodeJS.Timeout | undefined
  #reconnectTimer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(options: NoticesOptions) {
    this.#options = options
  }

  /** Connects in the background and stays connected. */
  async start(): Promise<void> {
    await this.#connect()
    this.#helloTimer = setInterval(() => this.#hello(), HELLO_MS)
    this.#helloTimer.unref()
  }

  /** Tells the other nodes, if there are any. */
  publish(queueId: number, delayMs: number): void {
    if (this.#peers.size === 0) return
    if (delayMs > 0) {
      const dueAtMs = performance.now() + delayMs
      const announcedMs = this.#announced.get(queueId)
      if (announcedMs !== undefined && announcedMs <= dueAtMs && announcedMs > performance.now()) return
      this.#announced.set(queueId, dueAtMs)
    }
    const pending = this.#pending.get(queueId)
    if (pending !== undefined && pending <= delayMs) return
    this.#pending.set(queueId, delayMs)
    // The first one after a pause goes at once.
    const waitMs = Math.max(0, this.#flushedAtMs + COALESCE_MS - performance.now())
    this.#flushTimer ??= setTimeout(() => this.#flush(), waitMs)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#flushTimer)
    clearTimeout(this.#reconnectTimer)
    clearInterval(this.#helloTimer)
    await this.#client?.end().catch(() => undefined)
  }

  async #connect(): Promise<void> {
    if (this.#isClosed) return
    const client = new pg.Client({
      connectionString: this.#options.databaseUrl,
      application_name: 'stanchion notices',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    })
    client.on('error', (error) => this.#lost(client, error))
    client.on('end', () => this.#lost(client, undefined))
    client.on('notification', (message) => this.#receive(message.payload ?? ''))
    try {
      await client.connect()
      await client.query("SET synchronous_commit = 'off'")
      await client.query(`LISTEN ${CHANNEL}`)
    } catch (error) {
      this.#lost(client, error)
      return
    }
    if (this.#isClosed) {
      await client.end().catch(() => undefined)
      return
    }
    this.#client = client
    this.#send('hello')
    this.#options.onConnected()
  }

  #lost(client: pg.Client, error: unknown): void {
    if (this.#client === client) this.#client = undefined
    if (this.#isClosed || this.#reconnectTimer !== undefined || this.#client !== undefined) return
    if (error !== undefined) {
      this.#options.logger.warn({ err: error }, 'the connection for notices was lost; wake-ups rely on the safety tick')
    }
    client.end().catch(() => undefined)
    this.#reconnectTimer = setTimeout(() => {
      this.#reconnectTimer = undefined
      this.#connect().catch(() => undefined)
    }, RECONNECT_MS)
    this.#reconnectTimer.unref()
  }

  #hello(): void {
    const now = performance.now()
    for (const [peer, seenAtMs] of this.#peers) if (now - seenAtMs > PEER_SILENT_MS) this.#peers.delete(peer)
    for (const [queueId, dueAtMs] of this.#announced) if (dueAtMs <= now) this.#announced.delete(queueId)
    this.#send('here')
  }

  #flush(): void {
    this.#flushTimer = undefined
    this.#flushedAtMs = performance.now()
    let payload = ''
    for (const [queueId, delayMs] of this.#pending) {
      const notice = `${queueId}:${Math.ceil(delayMs)}`
      if (payload.length + notice.length + 1 > PAYLOAD_LENGTH_MAX) {
        this.#send(payload)
        payload = ''
      }
      payload += payload === '' ? notice : `,${notice}`
    }
    this.#pending.clear()
    if (payload !== '') this.#send(payload)
  }

  #send(text: string): void {
    const client = this.#client
    this.#lastSent = this.#lastSent
      .then(() => client?.query('SELECT pg_notify($1, $2)', [CHANNEL, `${this.#nodeId} ${text}`]))
      .catch(() => undefined)
  }

  #receive(payload: string): void {
    const [nodeId, text] = payload.split(' ')
    if (nodeId === undefined || text === undefined || nodeId === this.#nodeId) return
    const isNew = !this.#peers.has(nodeId)
    this.#peers.set(nodeId, performance.now())
    if (text === 'hello' || text === 'here') {
      // A newcomer must learn at once that it is not alone.
      if (isNew) this.#send('here')
      return
    }
    for (const notice of text.split(',')) {
      const [queueId, delayMs] = notice.split(':').map(Number)
      if (queueId !== undefined && delayMs !== undefined) this.#options.onNotice(queueId, delayMs)
    }
  }
}
