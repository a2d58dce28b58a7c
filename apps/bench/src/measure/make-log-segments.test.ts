import { expect, it } from '@jest/globals'
import { startTestPostgres } from '@stanchion/testing'
import pg from 'pg'
import { makeLogSegments } from './make-log-segments.ts'

it('leaves as many log segments ahead of the one that is written as it was asked for', async () => {
  const server = await startTestPostgres({ min_wal_size: '256MB', max_wal_size: '1GB' })
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  const countAhead = async () => {
    const { rows } = await client.query<{ count: number }>(
      'SELECT count(*)::integer AS count FROM pg_ls_waldir() WHERE name > pg_walfile_name(pg_current_wal_lsn())',
    )
    return rows[0]?.count
  }
  try {
    const before = await countAhead()
    await makeLogSegments(server.url, 12)
    expect({ before, after: await countAhead() }).toEqual({ before: 0, after: 12 })
  } finally {
    await client.end()
    await server.drop()
  }
})
