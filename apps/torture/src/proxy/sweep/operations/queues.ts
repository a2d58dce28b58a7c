import type { Operation } from '../operation.ts'
import { QueueUnderTest } from '../queue-under-test.ts'
import { type RestApi, whole } from '../rest-api.ts'

const BODIES = ['a1', 'a2']

/** What is done to queues as a whole. */
export function queueOperations(): Operation[] {
  return [
    {
      name: 'create a queue',
      prepare: async ({ api }, name) => ({
        run: async () => whole(await api.call('POST', '/queues', { name })),
        effects: async () => new Map([['it', await exists(api, name)]]),
      }),
    },
    {
      name: 'create a FIFO queue with dead letters',
      prepare: async ({ api }, name) => {
        const dead = await QueueUnderTest.create(api, `${name}-dead.fifo`)
        const queue = {
          name: `${name}.fifo`,
          kind: 'fifo',
          fifo: { deduplicationScope: 'messageGroup', throughputLimit: 'perMessageGroupId' },
          deadLetter: { queueName: dead.name, receiveCountMax: 3 },
        }
        return {
          run: async () => whole(await api.call('POST', '/queues', queue)),
          effects: async () => new Map([['it', await exists(api, queue.name)]]),
        }
      },
    },
    {
      name: 'update a queue',
      prepare: async ({ api }, name) => {
        const { path } = await QueueUnderTest.create(api, name)
        return {
          run: async () => whole(await api.call('PATCH', path, { tags: { team: 'billing' } })),
          effects: async () => {
            const { tags } = (await api.must('GET', path)) as { tags: Record<string, string> }
            return new Map([['it', tags.team === 'billing' ? 1 : 0]])
          },
        }
      },
    },
    {
      name: 'purge a queue',
      prepare: async ({ api }, name) => {
        const queue = await QueueUnderTest.create(api, name)
        await queue.send(BODIES)
        return {
          run: async () => whole(await api.call('POST', `${queue.path}/purge`)),
          effects: async () => new Map([['it', (await queue.standing()).length === 0 ? 1 : 0]]),
        }
      },
    },
    {
      name: 'delete a queue',
      prepare: async ({ api }, name) => {
        const queue = await QueueUnderTest.create(api, name)
        await queue.send(BODIES)
        return {
          run: async () => whole(await api.call('DELETE', queue.path)),
          effects: async () => new Map([['it', 1 - (await exists(api, name))]]),
        }
      },
    },
    {
      name: 'start a move task',
      prepare: async ({ api }, name) => {
        const { dead, destination } = await deadLetters(api, name)
        return {
          run: async () => whole(await api.call('POST', `${dead.path}/move-tasks`, { destination: destination.name })),
          effects: async () => {
            const { moveTasks } = (await api.must('GET', `${dead.path}/move-tasks`)) as { moveTasks: unknown[] }
            return new Map([['it', moveTasks.length]])
          },
        }
      },
    },
    {
      name: 'cancel a move task',
      prepare: async ({ api }, name) => {
        const { source, dead, destination } = await deadLetters(api, name)
        // One after the other, so that the task is running for as long as the trial takes.
        const bodies = Array.from({ length: 20 }, (_, i) => `a${i}`)
        for (const message of await source.lease(bodies)) await source.release(message)
        await api.must('POST', `${source.path}/receive`, { maxMessages: bodies.length })
        const request = { destination: destination.name, messagesPerSecondMax: 1 }
        const { id } = await api.must('POST', `${dead.path}/move-tasks`, request)
        const path = `${dead.path}/move-tasks/${id}`
        return {
          run: async () => whole(await api.call('POST', `${path}/cancel`)),
          effects: async () => {
            const { status } = await api.must('GET', path)
            // An account has so many running tasks at most.
            if (status === 'running') await api.must('POST', `${path}/cancel`)
            return new Map([['it', status === 'cancelled' ? 1 : 0]])
          },
        }
      },
    },
  ]
}

/** A queue, its dead-letter queue, and one to move the messages of that to. All are empty. */
async function deadLetters(api: RestApi, name: string) {
  const dead = await QueueUnderTest.create(api, `${name}-dead`)
  const source = await QueueUnderTest.create(api, name, { deadLetter: { queueName: dead.name, receiveCountMax: 1 } })
  return { source, dead, destination: await QueueUnderTest.create(api, `${name}-to`) }
}

async function exists(api: RestApi, name: string): Promise<number> {
  const { queues } = (await api.must('GET', `/queues?prefix=${encodeURIComponent(name)}`)) as {
    queues: readonly { readonly name: string }[]
  }
  return queues.filter((queue) => queue.name === name).length
}
