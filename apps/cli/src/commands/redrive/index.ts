import { Command } from '@commander-js/extra-typings'
import type { Cli } from '../../cli.ts'
import { createRedriveCancel } from './cancel.ts'
import { createRedriveStart } from './start.ts'
import { MOVE_TASK_COLUMNS, watchTask } from './watch-task.ts'

/** `stanchion redrive …` */
export function createRedrive(cli: Cli) {
  return new Command('redrive')
    .description('Moves the messages of a dead-letter queue back where they came from, or to another queue.')
    .addCommand(createRedriveStart(cli))
    .addCommand(createRedriveList(cli))
    .addCommand(createRedriveWatch(cli))
    .addCommand(createRedriveCancel(cli))
}

function createRedriveList(cli: Cli) {
  return new Command('list')
    .description('Lists the latest move tasks of a dead-letter queue, the newest first.')
    .argument('<queue>', 'the dead-letter queue')
    .action(async (name) => {
      const tasks = await cli.client.queue(name).listMoveTasks(cli.call)
      cli.output.list(tasks, MOVE_TASK_COLUMNS, `${name} has had no move task.`)
    })
}

function createRedriveWatch(cli: Cli) {
  return new Command('watch')
    .description('Follows a move task until it ends. Ctrl-C stops the watching, not the task.')
    .argument('<queue>', 'the dead-letter queue')
    .argument('<task-id>', 'the id of the task')
    .action(async (name, taskId) => {
      const queue = cli.client.queue(name)
      cli.output.one(await watchTask(cli, queue, await queue.getMoveTask(taskId, cli.call)), MOVE_TASK_COLUMNS)
    })
}
