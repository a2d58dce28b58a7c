import { Command } from '@commander-js/extra-typings'
import type { Cli } from '../../cli.ts'
import { QUEUE_COLUMNS } from './queue-columns.ts'

/** `stanchion queue get` */
export function createQueueGet(cli: Cli) {
  return new Command('get')
    .description('Shows the settings of a queue, and how many messages it has.')
    .argument('<queue>', 'its name')
    .action(async (name) => {
      const [queue, counts] = await Promise.all([
        cli.client.getQueue(name, cli.call),
        cli.client.queue(name).counts(cli.call),
      ])
      cli.output.one({ ...queue, counts }, QUEUE_COLUMNS)
    })
}
