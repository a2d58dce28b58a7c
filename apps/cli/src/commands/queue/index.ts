import { Command } from '@commander-js/extra-typings'
import type { Cli } from '../../cli.ts'
import { createQueueCreate } from './create.ts'
import { createQueueDelete } from './delete.ts'
import { createQueueGet } from './get.ts'
import { createQueueList } from './list.ts'
import { createQueuePurge } from './purge.ts'
import { createQueueUpdate } from './update.ts'

/** `stanchion queue …` */
export function createQueue(cli: Cli) {
  return new Command('queue')
    .description('Creates, shows, changes, empties and deletes queues.')
    .addCommand(createQueueList(cli))
    .addCommand(createQueueCreate(cli))
    .addCommand(createQueueGet(cli))
    .addCommand(createQueueUpdate(cli))
    .addCommand(createQueuePurge(cli))
    .addCommand(createQueueDelete(cli))
}
