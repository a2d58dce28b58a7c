import { Command } from '@commander-js/extra-typings'
import type { Cli } from '../../cli.ts'
import { QUEUE_COLUMNS } from './queue-columns.ts'
import { settingOptions, toQueueChange } from './settings-options.ts'

/** `stanchion queue create` */
export function createQueueCreate(cli: Cli) {
  return addSettings(new Command('create'))
    .description(
      'Creates a queue. Again with the same settings is fine. A name that ends in .fifo makes it a FIFO queue.',
    )
    .argument('<queue>', 'its name')
    .action(async (name, values) => {
      const kind = name.endsWith('.fifo') ? 'fifo' : 'standard'
      const queue = await cli.client.createQueue({ name, kind, ...toQueueChange(values) }, cli.call)
      cli.output.one(queue, QUEUE_COLUMNS)
    })
}

/** Gives a command the options for the settings of a queue. */
export function addSettings(command: Command) {
  return command
    .addOption(settingOptions.visibilityTimeoutSeconds)
    .addOption(settingOptions.delaySeconds)
    .addOption(settingOptions.retentionSeconds)
    .addOption(settingOptions.receiveWaitSeconds)
    .addOption(settingOptions.messageBytesMax)
    .addOption(settingOptions.deadLetterQueue)
    .addOption(settingOptions.receiveCountMax)
    .addOption(settingOptions.deadLetterSources)
    .addOption(settingOptions.contentBasedDeduplication)
    .addOption(settingOptions.deduplicationScope)
    .addOption(settingOptions.throughputLimit)
    .addOption(settingOptions.tag)
}
