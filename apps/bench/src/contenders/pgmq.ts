import { readFileSync } from 'node:fs'
import pg from 'pg'
import { unsupported } from '../clients/queue-client.ts'
import type { Contender, Host } from './contender.ts'
import { pgmqSql } from './rivals.ts'

/** pgmq by its SQL functions, one connection a caller. */
export async function startPgmq(host: Host): Promise<Contender> {
  const file = await pgmqSql()
  const databaseUrl = await host.createDatabase()
  const setUp = new pg.Client({ connectionString: databaseUrl })
  await setUp.connect()
  // What CREATE EXTENSION would do, without the extension's files in the installation of Postgres.
  await setUp.query('CREATE SCHEMA pgmq')
  await setUp.query(readFileSync(file, 'utf8').replaceAll(/^.*pg_extension_config_dump.*$/gm, ''))
  return {
    serverPids: [],
    databaseUrl,
    async createQueue(name) {
      const table = name.replaceAll('-', '_')
      await setUp.query('SELECT pgmq.create($1)', [table])
      return table
    },
    async connect() {
      const client = new pg.Client({ connectionString: databaseUrl })
      await client.connect()
      const run = (name: string, text: string, values: unknown[]) => client.query({ name, text, values })
      return {
        async send(queue, messages) {
          const bodies = messages.map(({ body }) => JSON.stringify({ body }))
          const { rows } = await run('send', 'SELECT pgmq.send_batch($1, $2::jsonb[]) AS id', [queue, bodies])
          return rows as { id: string }[]
        },
        async receive(queue, { max, leaseSeconds = 30 }) {
          const text = 'SELECT msg_id AS id, message FROM pgmq.read($1, $2, $3)'
          const { rows } = await run('read', text, [queue, leaseSeconds, max])
          return (rows as { id: string }[]).map(({ id }) => ({ id, handle: id }))
        },
        async delete(queue, messages) {
          await run('delete', 'SELECT pgmq.delete($1, $2::bigint[])', [queue, messages.map(({ id }) => id)])
        },
        release: () => unsupported('pgmq', 'give messages back'),
        close: () => client.end(),
      }
    },
    stop: () => setUp.end(),
  }
}
