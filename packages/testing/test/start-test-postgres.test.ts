import { expect, it } from '@jest/globals'
import pg from 'pg'
import { startTestPostgres } from '../src/start-test-postgres.ts'

it('stays down after a crash, and comes back with what was committed', async () => {
  const server = await startTestPostgres()
  const query = async (sql: string) => {
    const client = new pg.Client({ connectionString: server.url })
    client.on('error', () => {})
    await client.connect()
    return client.query(sql).finally(() => client.end())
  }
  try {
    await query('CREATE TABLE kept AS SELECT 42 AS answer')
    await server.crash()
    await expect(query('SELECT')).rejects.toThrow()
    await server.restart()
    expect((await query('SELECT answer FROM kept')).rows).toEqual([{ answer: 42 }])
  } finally {
    await server.drop()
  }
}, 30_000)
