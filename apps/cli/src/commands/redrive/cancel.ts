import { Command } from '@commander-js/extra-typings'
import type { Cli } from '../../cli.ts'
import { MOVE_TASK_COLUMNS } from './watch-task.ts'

/** `stanchion redrive cancel` */
export function createRedriveCancel(cli: Cli) {
  return new Command('cancel')
    .description('Stops a move task. What it has moved stays moved.')
    .argument('<queue>', 'the dead-letter queue')
    .argument('<task-id>', 'the id of the task')
    .action(async (name, taskId) => {
      cli.output.one(await cli.client.queue(name).cancelMoveTask(taskId, cli.call), MOVE_TASK_COLUMNS)
    })
}
