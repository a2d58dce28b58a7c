import type { QueueClient } from '../clients/queue-client.ts'
import { measureServer } from '../measure/measure-server.ts'
import { type Kind, newQueueName } from './kind.ts'

/** So many callers wait on empty queues. */
export interface IdlePolls {
  readonly polls: number
  readonly queues: number
}

const WAIT_SECONDS = 20
const OPEN_AT_ONCE = 64

/** What long polls cost while nothing happens. They end and are asked again all the time, as consumers do. */
export const IDLE_POLLS: Kind<IdlePolls> = {
  columns: [
    { key: 'polls', title: 'polls', digits: 0 },
    { key: 'statementsPerSecond', title: 'statements/s', digits: 1 },
    { key: 'serverShare', title: 'server, of a core', digits: 2 },
    { key: 'postgresShare', title: 'Postgres, of a core', digits: 2 },
  ],
  compared: 'statementsPerSecond',
  isLessBetter: true,
  async enter(contender, load, { scale }) {
    const polls = Math.ceil(load.polls / scale)
    const names: string[] = []
    for (let i = 0; i < Math.ceil(load.queues / scale); i++) {
      names.push(await contender.createQueue(newQueueName(), false))
    }
    return async ({ seconds, postgresPid }) => {
      const clients: QueueClient[] = []
      while (clients.length < polls) {
        const count = Math.min(OPEN_AT_ONCE, polls - clients.length)
        clients.push(...(await Promise.all(Array.from({ length: count }, () => contender.connect()))))
      }
      let isOver = false
      const polling = clients.map(async (client, i) => {
        const queue = names[i % names.length] as string
        // An answer that closing cuts off is of no interest.
        while (!isOver) await client.receive(queue, { max: 10, waitSeconds: WAIT_SECONDS }).catch(() => undefined)
      })
      const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
      await pause(Math.min(1_000, seconds * 1000))
      const measured = await measureServer(contender, postgresPid)
      const startedAtMs = performance.now()
      await pause(seconds * 1000)
      const elapsedSeconds = (performance.now() - startedAtMs) / 1000
      const used = await measured()
      isOver = true
      for (const client of clients) await client.close()
      await Promise.all(polling)
      return {
        polls,
        statementsPerSecond: used.transactions / elapsedSeconds,
        serverShare: used.serverUs / 1e6 / elapsedSeconds,
        postgresShare: used.postgresUs / 1e6 / elapsedSeconds,
      }
    }
  },
}
