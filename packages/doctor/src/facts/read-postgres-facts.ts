import { FactClient } from './fact-client.ts'
import type { ConnectionOutcome, Known, PostgresFacts } from './facts.ts'
import { readArchiver } from './read-archiver.ts'
import { readConnections } from './read-connections.ts'
import { readDatabase } from './read-database.ts'
import { readLockWaits } from './read-lock-waits.ts'
import { readPreparedTransactions } from './read-prepared-transactions.ts'
import { readQueues } from './read-queues.ts'
import { readReplicationSlots } from './read-replication-slots.ts'
import { readService } from './read-service.ts'
import { readSessions } from './read-sessions.ts'
import { readSettings } from './read-settings.ts'
import { readTables } from './read-tables.ts'

type KnownPostgresFacts = { readonly [Name in keyof PostgresFacts]: Known<PostgresFacts[Name]> }

const READERS: { readonly [Name in keyof PostgresFacts]: (client: FactClient) => Promise<Known<PostgresFacts[Name]>> } =
  {
    settings: readSettings,
    database: readDatabase,
    connections: readConnections,
    sessions: readSessions,
    lockWaits: readLockWaits,
    preparedTransactions: readPreparedTransactions,
    replicationSlots: readReplicationSlots,
    archiver: readArchiver,
    tables: readTables,
    service: readService,
    queues: readQueues,
  }

/** When the database takes longer than this altogether, what is left is not asked. */
const DEADLINE_MS = 2_000
const TOO_SLOW = `Postgres took more than ${DEADLINE_MS / 1_000} s for what was asked before.`

/** Asks Postgres for everything; a part that it does not tell is a sentence in its place. */
export async function readPostgresFacts(
  databaseUrl: string,
): Promise<KnownPostgresFacts & { readonly connection: { readonly value: ConnectionOutcome } }> {
  let client: FactClient
  try {
    client = await FactClient.connect(databaseUrl)
  } catch (error) {
    const { message, code } = error as { message?: string; code?: string }
    const facts = await ofEach(async () => ({ unknown: 'The database cannot be reached.' }))
    return { ...facts, connection: { value: { error: message || code || String(error) } } }
  }
  try {
    const endsAtMs = performance.now() + DEADLINE_MS
    const facts = await ofEach((name) =>
      performance.now() > endsAtMs ? Promise.resolve({ unknown: TOO_SLOW }) : READERS[name](client),
    )
    return { ...facts, connection: { value: { error: undefined } } }
  } finally {
    await client.close()
  }
}

/** One after the other, on the one connection. */
async function ofEach(read: (name: keyof PostgresFacts) => Promise<Known<unknown>>): Promise<KnownPostgresFacts> {
  const facts: [string, Known<unknown>][] = []
  for (const name of Object.keys(READERS) as (keyof PostgresFacts)[]) facts.push([name, await read(name)])
  return Object.fromEntries(facts) as unknown as KnownPostgresFacts
}
