import { Command } from '@commander-js/extra-typings'
import type { Cli } from '../../cli.ts'
import { confirmed } from '../../input/confirm.ts'
import { stakeOf } from './stake.ts'

/** `stanchion queue purge` */
export function createQueuePurge(cli: Cli) {
  return new Command('purge')
    .description('Removes all messages of a queue. The queue stays.')
    .argument('<queue>', 'its name')
    .option('--dry-run', 'say what would be lost, and do nothing')
    .option('--yes', 'do not ask')
    .action(async (name, options) => {
      const queue = cli.client.queue(name)
      const stake = stakeOf(await queue.counts(cli.call))
      if (!(await confirmed(cli, `remove ${stake} from ${name}`, name, options))) return
      await queue.purge(cli.call)
      cli.output.done(`Purged ${name}: ${stake}.`, { queue: name, purged: true })
    })
}
