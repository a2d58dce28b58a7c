import pg from 'pg'

/**
 * Leaves Postgres with this many log segments (16 MB each) to write over, as a server has that has run for a while. A fresh one fills each
 * with zeros first, and all commits wait for that: some 50 ms, which whoever writes most of the log, and comes first, would pay for.
 * `min_wal_size` must have room for them, or the checkpoint removes them.
 */
export async function makeLogSegments(databaseUrl: string, count: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  // A switch does nothing while its segment is empty.
  for (let i = 0; i < count; i++) await client.query("SELECT pg_logical_emit_message(false, '', ''), pg_switch_wal()")
  await client.query('CHECKPOINT')
  await client.end()
}
