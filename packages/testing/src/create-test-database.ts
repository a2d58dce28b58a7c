import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { TEST_SERVER_VARIABLE } from './test-server-variable.ts'

/** An empty database of one's own. */
export interface TestDatabase {
  /** Connects as the server's superuser. */
  readonly url: string
  /** Ends whatever is still connected and removes the database. */
  drop(): Promise<void>
}

/** Makes an empty database on the test server, which jest's global setup has started. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const serverUrl = process.env[TEST_SERVER_VARIABLE]
  if (serverUrl === undefined) {
    throw new Error(`${TEST_SERVER_VARIABLE} is not set: jest's global setup, which starts a test server, did not run.`)
  }
  const name = `test_${randomBytes(8).toString('hex')}`
  // template0 can never be in use by another connection, which would make the copy fail.
  await run(serverUrl, `CREATE DATABASE ${name} TEMPLATE template0`)
  return {
    url: withDatabase(serverUrl, name),
    drop: () => run(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  }
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

/** Puts another database into a connection URL; by text, since the URL of a unix socket has no host and does not parse. */
function withDatabase(url: string, name: string): string {
  const [, server, query] = /^(\w+:\/\/[^/?]*)(?:\/[^?]*)?(\?.*)?$/.exec(url) ?? []
  if (server === undefined) throw new Error(`${TEST_SERVER_VARIABLE} is not a connection URL.`)
  return `${server}/${name}${query ?? ''}`
}
