import { createTestDatabase } from '@stanchion/testing'
import pg from 'pg'
import {
  type Ceilings,
  createEngine,
  type Engine,
  type EngineOptions,
  type QueueKey,
  type ReceivedMessage,
  type SendResult,
} from '../../src/index.ts'

/** What a strict node refuses, as SQS does, but for how many messages may be in flight. */
export const SQS_CEILINGS: Ceilings = {
  recreateAfterSeconds: 60,
  purgeEverySeconds: 60,
  inFlightMax: 120_000,
  visibilityTimeoutSecondsMax: 43_200,
  delaySecondsMax: 900,
  retentionSecondsMax: 1_209_600,
}

/** A fresh database with as many engines (nodes) on it as a test wants, and a clock that can be moved. */
export interface Bundle {
  readonly url: string
  readonly engine: Engine
  /** Straight to the database, for what a test has to arrange or look at. */
  readonly sql: pg.Client
  readonly warnings: string[]
  /** One more node. */
  node(options?: Partial<EngineOptions>): Promise<Engine>
  /** Moves the database clock of the product to its real time plus so many seconds. */
  moveClock(seconds: number): Promise<void>
  close(): Promise<void>
}

export async function setup(options: Partial<EngineOptions> = {}): Promise<Bundle> {
  const database = await createTestDatabase()
  const engines: Engine[] = []
  const warnings: string[] = []
  const log = (_fields: object, message: string) => {
    warnings.push(message)
  }
  const node = async (more: Partial<EngineOptions> = {}) => {
    const engine = await createEngine({
      databaseUrl: database.url,
      poolSizeMax: 8,
      logger: { debug() {}, info() {}, warn: log, error: log },
      ...options,
      ...more,
    })
    engines.push(engine)
    return engine
  }
  const engine = await node()
  const sql = new pg.Client({ connectionString: database.url })
  await sql.connect()
  return {
    url: database.url,
    engine,
    sql,
    warnings,
    node,
    async moveClock(seconds) {
      await sql.query(
        `CREATE OR REPLACE FUNCTION stanchion.clock() RETURNS timestamptz LANGUAGE sql VOLATILE
         AS 'SELECT clock_timestamp() + interval ''${seconds} seconds'''`,
      )
    },
    async close() {
      await Promise.all(engines.map((each) => each.close()))
      await sql.end()
      await database.drop()
    },
  }
}

let queues = 0

/** The key of a queue that no other test uses. */
export function newKey(): QueueKey {
  return { accountId: '000000000000', name: `queue-${++queues}` }
}

/** The message ids of a send in which every message must have been stored. */
export function idsOf(results: readonly SendResult[]): string[] {
  return results.map((result) => {
    if (!result.ok) throw result.error
    return result.messageId
  })
}

export function bodiesOf(messages: readonly ReceivedMessage[]): string[] {
  return messages.map((message) => message.body)
}

export function handlesOf(messages: readonly ReceivedMessage[]): string[] {
  return messages.map((message) => message.receiptHandle)
}

/** Receives until nothing is left. */
export async function receiveAll(
  engine: Engine,
  key: QueueKey,
  visibilityTimeoutSeconds = 30,
): Promise<ReceivedMessage[]> {
  const all: ReceivedMessage[] = []
  for (;;) {
    const messages = await engine.receiveMessages(key, { maxMessages: 100, visibilityTimeoutSeconds, waitSeconds: 0 })
    if (messages.length === 0) return all
    all.push(...messages)
  }
}

/** Resolves when `probe` answers true; asks again as soon as the event loop has turned. Fails after `limitMs`. */
export async function until(probe: () => boolean | Promise<boolean>, limitMs = 10_000): Promise<void> {
  const endsAtMs = performance.now() + limitMs
  while (!(await probe())) {
    if (performance.now() > endsAtMs) throw new Error('the awaited condition did not come true')
    await new Promise((resolve) => setImmediate(resolve))
  }
}
