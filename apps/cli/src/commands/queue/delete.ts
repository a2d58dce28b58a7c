import { Command } from '@commander-js/extra-typings'
import type { Cli } from '../../cli.ts'
import { confirmed } from '../../input/confirm.ts'
import { stakeOf } from './stake.ts'

/** `stanchion queue delete` */
export function createQueueDelete(cli: Cli) {
  return new Command('delete')
    .description('Deletes a queue with all its messages.')
    .argument('<queue>', 'its name')
    .option('--dry-run', 'say what would be lost, and do nothing')
    .option('--yes', 'do not ask')
    .action(async (name, options) => {
      const stake = stakeOf(await cli.client.queue(name).counts(cli.call))
      if (!(await confirmed(cli, `delete the queue ${name} with ${stake}`, name, options))) return
      await cli.client.deleteQueue(name, cli.call)
      cli.output.done(`Deleted ${name} with ${stake}.`, { queue: name, deleted: true })
    })
}
