import { Command, Option } from '@commander-js/extra-typings'
import type { NewMoveTask } from '@stanchion/client'
import type { Cli } from '../../cli.ts'
import { parseCount } from '../../input/option-values.ts'
import { plural } from '../../output/plural.ts'
import { MOVE_TASK_COLUMNS, watchTask } from './watch-task.ts'

/** `stanchion redrive start` */
export function createRedriveStart(cli: Cli) {
  return new Command('start')
    .description('Starts to move the messages that are ready in a dead-letter queue.')
    .argument('<queue>', 'the dead-letter queue')
    .option('--to <queue>', 'where all of them go; absent: each where it came from')
    .addOption(new Option('--per-second <n>', 'how many to move in a second at most').argParser(parseCount))
    .option('--watch', 'follow it until it ends')
    .option('--dry-run', 'say what would be moved, and do nothing')
    .action(async (name, { to, perSecond, watch, dryRun }) => {
      const queue = cli.client.queue(name)
      if (dryRun === true) {
        const { visible } = await queue.counts(cli.call)
        const would = `move ${plural(visible, 'message')} from ${name} to ${to ?? 'where they came from'}`
        return cli.output.done(`Would ${would}. Nothing was done.`, { dryRun: true, would })
      }
      const request: NewMoveTask = {
        ...(to === undefined ? {} : { destination: to }),
        ...(perSecond === undefined ? {} : { messagesPerSecondMax: perSecond }),
      }
      const task = await queue.startMoveTask(request, cli.call)
      cli.output.one(watch === true ? await watchTask(cli, queue, task) : task, MOVE_TASK_COLUMNS)
    })
}
