import { Command } from '@commander-js/extra-typings'
import type { Cli } from '../../cli.ts'
import { createMessagePeek } from './peek.ts'
import { createMessageReceive } from './receive.ts'
import { createMessageSend } from './send.ts'
import { createMessageDelete, createMessageExtend, createMessageRelease } from './settle.ts'

/** `stanchion message …` */
export function createMessage(cli: Cli) {
  return new Command('message')
    .description('Sends, receives, looks at, extends, releases and deletes messages.')
    .addCommand(createMessageSend(cli))
    .addCommand(createMessageReceive(cli))
    .addCommand(createMessagePeek(cli))
    .addCommand(createMessageDelete(cli))
    .addCommand(createMessageExtend(cli))
    .addCommand(createMessageRelease(cli))
}
