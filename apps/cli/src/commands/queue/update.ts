import { Command } from '@commander-js/extra-typings'
import type { Cli } from '../../cli.ts'
import { usageError } from '../../cli-error.ts'
import { addSettings } from './create.ts'
import { QUEUE_COLUMNS } from './queue-columns.ts'
import { toQueueChange } from './settings-options.ts'

/** `stanchion queue update` */
export function createQueueUpdate(cli: Cli) {
  return addSettings(new Command('update'))
    .description('Changes the settings that are given and keeps the others. Tags, when given, replace all tags.')
    .option('--no-dead-letters', 'from now on messages stay, however often they are received')
    .argument('<queue>', 'its name')
    .action(async (name, { deadLetters, ...values }) => {
      const change = { ...toQueueChange(values), ...(deadLetters ? {} : { deadLetter: null }) }
      if (values.deadLetterQueue !== undefined && !deadLetters) {
        throw usageError('--no-dead-letters and --dead-letter-queue exclude each other.')
      }
      if (Object.keys(change).length === 0) throw usageError('Give at least one setting to change.')
      cli.output.one(await cli.client.updateQueue(name, change, cli.call), QUEUE_COLUMNS)
    })
}
