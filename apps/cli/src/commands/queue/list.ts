import { Command } from '@commander-js/extra-typings'
import type { QueueStatistics } from '@stanchion/client'
import type { Cli } from '../../cli.ts'
import { age } from '../../output/duration.ts'
import type { Column } from '../../output/output.ts'
import { rate } from '../../output/rate.ts'

/** A queue in a list: how deep and how fast. */
export const STATISTICS_COLUMNS: readonly Column<QueueStatistics>[] = [
  ['Name', ({ name }) => name],
  ['Kind', ({ kind }) => kind],
  ['Ready', ({ visible }) => visible],
  ['Leased', ({ inFlight }) => inFlight],
  ['Delayed', ({ delayed }) => delayed],
  ['Oldest', ({ oldestMessageAgeSeconds }) => age(oldestMessageAgeSeconds)],
  ['In/s', ({ sentPerSecond }) => rate(sentPerSecond)],
  ['Out/s', ({ deletedPerSecond }) => rate(deletedPerSecond)],
  ['Dead-letter queue', ({ deadLetterQueue }) => deadLetterQueue],
]

/** `stanchion queue list` */
export function createQueueList(cli: Cli) {
  return new Command('list')
    .description('Lists the queues in the order of their names, with numbers that are some seconds old.')
    .option('--prefix <text>', 'only those whose names start with it')
    .action(async ({ prefix }) => {
      const queues: QueueStatistics[] = []
      const filter = prefix === undefined ? {} : { prefix }
      for await (const queue of cli.client.queueStatistics(filter, cli.call)) queues.push(queue)
      cli.output.list(queues, STATISTICS_COLUMNS, 'There are no queues.')
    })
}
