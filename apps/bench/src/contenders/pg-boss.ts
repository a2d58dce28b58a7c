import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { unsupported } from '../clients/queue-client.ts'
import type { Contender, Host } from './contender.ts'
import { fromNpm } from './rivals.ts'

/** The part of pg-boss that is called. */
interface Boss {
  on(event: 'error', listener: (error: Error) => void): void
  start(): Promise<unknown>
  createQueue(name: string): Promise<void>
  insert(name: string, jobs: readonly { data: object }[]): Promise<unknown>
  fetch(name: string, options: { batchSize: number }): Promise<readonly { id: string }[]>
  deleteJob(name: string, ids: readonly string[]): Promise<unknown>
  stop(options: { graceful: boolean }): Promise<void>
}

/** pg-boss by its library, whose work is done in the load generator. Its callers share its pool of connections. */
export async function startPgBoss(host: Host): Promise<Contender> {
  const directory = await fromNpm('pg-boss')
  const { PgBoss } = (await import(pathToFileURL(join(directory, 'dist', 'index.js')).href)) as {
    PgBoss: new (options: object) => Boss
  }
  const databaseUrl = await host.createDatabase()
  const boss = new PgBoss({ connectionString: databaseUrl, max: 16 })
  boss.on('error', (error) => console.error(error))
  await boss.start()
  return {
    serverPids: [],
    databaseUrl,
    async createQueue(name) {
      await boss.createQueue(name)
      return name
    },
    connect: async () => ({
      async send(queue, messages) {
        await boss.insert(
          queue,
          messages.map(({ body }) => ({ data: { body } })),
        )
        return []
      },
      async receive(queue, { max }) {
        const jobs = await boss.fetch(queue, { batchSize: max })
        return jobs.map(({ id }) => ({ id, handle: id }))
      },
      async delete(queue, messages) {
        await boss.deleteJob(
          queue,
          messages.map(({ id }) => id),
        )
      },
      release: () => unsupported('pg-boss', 'give messages back'),
      close: async () => {},
    }),
    stop: () => boss.stop({ graceful: false }),
  }
}
