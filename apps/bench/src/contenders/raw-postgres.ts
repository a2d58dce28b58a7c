import pg from 'pg'
import { unsupported } from '../clients/queue-client.ts'
import type { Contender, Host } from './contender.ts'

/** Insert, update and delete by key, no search and no HTTP: three touches of each message, which is the least a queue must do. */
export async function startRawPostgres(host: Host): Promise<Contender> {
  const databaseUrl = await host.createDatabase()
  const setUp = new pg.Client({ connectionString: databaseUrl })
  await setUp.connect()
  await setUp.query('CREATE TABLE raw (id bigint PRIMARY KEY, body text NOT NULL, state integer NOT NULL)')
  await setUp.end()
  let nextId = 1
  return {
    serverPids: [],
    databaseUrl,
    createQueue: async (name) => name,
    async connect() {
      const client = new pg.Client({ connectionString: databaseUrl })
      await client.connect()
      let sent: { id: string; handle: string }[] = []
      const run = (name: string, text: string, values: unknown[]) => client.query({ name, text, values })
      const ids = (messages: readonly { id: string }[]) => messages.map(({ id }) => id)
      return {
        async send(_queue, messages) {
          const first = nextId
          nextId += messages.length
          sent = messages.map((_, i) => ({ id: String(first + i), handle: '' }))
          const text = 'INSERT INTO raw SELECT id, body, 0 FROM unnest($1::bigint[], $2::text[]) AS u(id, body)'
          await run('insert', text, [ids(sent), messages.map(({ body }) => body)])
          return sent
        },
        async receive() {
          await run('update', 'UPDATE raw SET state = 1 WHERE id = ANY ($1::bigint[])', [ids(sent)])
          return sent
        },
        async delete(_queue, messages) {
          await run('delete', 'DELETE FROM raw WHERE id = ANY ($1::bigint[])', [ids(messages)])
        },
        release: () => unsupported('raw Postgres', 'give messages back'),
        close: () => client.end(),
      }
    },
    stop: async () => {},
  }
}
