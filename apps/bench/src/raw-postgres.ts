import pg from 'pg'

const ROWS = 100
const CONNECTIONS = 4

/** Insert, update and delete by key, 100 rows a statement on four connections: what Postgres itself can do. Messages per second. */
export async function rawThreeTouch(databaseUrl: string, seconds: number): Promise<number> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: CONNECTIONS })
  await pool.query(
    'CREATE TABLE IF NOT EXISTS bench_raw (id bigint PRIMARY KEY, body text NOT NULL, state integer NOT NULL)',
  )
  await pool.query('TRUNCATE bench_raw')
  const bodies = new Array<string>(ROWS).fill('x'.repeat(200))
  const startedAtMs = performance.now()
  let messages = 0
  let nextId = 1
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (performance.now() - startedAtMs < seconds * 1000) {
        const first = nextId
        nextId += ROWS
        const ids = bodies.map((_, i) => first + i)
        await pool.query({
          name: 'insert',
          text: 'INSERT INTO bench_raw SELECT id, body, 0 FROM unnest($1::bigint[], $2::text[]) AS u(id, body)',
          values: [ids, bodies],
        })
        await pool.query({
          name: 'update',
          text: 'UPDATE bench_raw SET state = 1 WHERE id = ANY ($1::bigint[])',
          values: [ids],
        })
        await pool.query({ name: 'delete', text: 'DELETE FROM bench_raw WHERE id = ANY ($1::bigint[])', values: [ids] })
        messages += ROWS
      }
    }),
  )
  const perSecond = messages / ((performance.now() - startedAtMs) / 1000)
  await pool.end()
  return perSecond
}
