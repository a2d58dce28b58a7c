import { describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { createTestDatabase } from '../src/create-test-database.ts'

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  return client
}

describe('createTestDatabase', () => {
  it('gives every caller an empty database of its own', async () => {
    const databases = await Promise.all([createTestDatabase(), createTestDatabase()])
    for (const { url, drop } of databases) {
      const client = await connect(url)
      await client.query('CREATE TABLE only_here (id int)')
      await client.end()
      await drop()
    }
  })

  it('drops a database in use, and leaves nothing behind', async () => {
    const { url, drop } = await createTestDatabase()
    const client = await connect(url)
    await drop()
    await expect(client.query('SELECT 1')).rejects.toThrow()
    await expect(connect(url)).rejects.toMatchObject({ code: '3D000' })
  })
})
