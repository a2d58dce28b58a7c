import { Command } from '@commander-js/extra-typings'
import type { Cli } from '../../cli.ts'
import { duration } from '../../output/duration.ts'

/** `stanchion queue list` */
export function createQueueList(cli: Cli) {
  return new Command('list')
    .description('Lists the queues in the order of their names.')
    .option('--prefix <text>', 'only those whose names start with it')
    .action(async ({ prefix }) => {
      const queues = []
      for await (const queue of cli.client.queues(prefix === undefined ? {} : { prefix }, cli.call)) queues.push(queue)
      cli.output.list(
        queues,
        [
          ['Name', ({ name }) => name],
          ['Kind', ({ kind }) => kind],
          ['Retention', ({ settings }) => duration(settings.retentionSeconds)],
          ['Dead-letter queue', ({ deadLetter }) => deadLetter?.queueName],
          ['Created', ({ createdAt }) => createdAt],
        ],
        'There are no queues.',
      )
    })
}
