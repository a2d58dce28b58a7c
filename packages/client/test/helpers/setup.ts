import { randomUUID } from 'node:crypto'
import { type ServerProcess, startServerProcess } from '@stanchion/testing'
import { createClient, type NewQueue, type Queue, type StanchionClient } from '../../src/index.ts'

/** A server and its client for a test file. */
export interface Setup {
  readonly server: ServerProcess
  readonly client: StanchionClient
  /** Creates a queue whose name no other test has. */
  createQueue(queue?: Omit<NewQueue, 'name'>): Promise<Queue>
}

export async function setup(env: Record<string, string> = {}): Promise<Setup> {
  const server = await startServerProcess(env)
  const client = createClient({ baseUrl: server.url })
  return {
    server,
    client,
    async createQueue(queue = {}) {
      const name = `q-${randomUUID()}${queue.kind === 'fifo' ? '.fifo' : ''}`
      await client.createQueue({ name, ...queue })
      return client.queue(name)
    },
  }
}
