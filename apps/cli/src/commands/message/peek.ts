import { Command, Option } from '@commander-js/extra-typings'
import type { PeekedMessage } from '@stanchion/client'
import type { Cli } from '../../cli.ts'
import { parseCount } from '../../input/option-values.ts'
import type { Column } from '../../output/output.ts'
import { excerpt } from '../../output/printable.ts'
import { attributesText, BODY_LENGTH_MAX } from './message-columns.ts'

const LIST_COLUMNS: readonly Column<PeekedMessage>[] = [
  ['Message id', ({ messageId }) => messageId],
  ['State', ({ state }) => state],
  ['Deliveries', ({ receiveCount }) => receiveCount],
  ['Sent', ({ sentAt }) => sentAt],
  ['Visible at', ({ visibleAt }) => visibleAt],
  ['Group', ({ groupId }) => groupId],
  ['Body', ({ body }) => excerpt(body, BODY_LENGTH_MAX)],
]

const COLUMNS: readonly Column<PeekedMessage>[] = [
  ['Message id', ({ messageId }) => messageId],
  ['State', ({ state }) => state],
  ['Body', ({ body }) => body],
  ['Attributes', ({ attributes }) => attributesText(attributes)],
  ['Group', ({ groupId }) => groupId],
  ['Deduplication id', ({ deduplicationId }) => deduplicationId],
  ['Sequence number', ({ sequenceNumber }) => sequenceNumber],
  ['Deliveries', ({ receiveCount }) => receiveCount],
  ['Sent', ({ sentAt }) => sentAt],
  ['First received', ({ firstReceivedAt }) => firstReceivedAt],
  ['Visible at', ({ visibleAt }) => visibleAt],
  ['Dead letter of', ({ deadLetterSource }) => deadLetterSource],
  ['Trace header', ({ traceHeader }) => traceHeader],
]

/** `stanchion message peek` */
export function createMessagePeek(cli: Cli) {
  return new Command('peek')
    .description('Looks at messages without receiving them; needs a key of role admin or inspector.')
    .argument('<queue>', 'the queue')
    .argument('[message-id]', 'one message, whole')
    .addOption(
      new Option('--state <state>', 'which messages')
        .choices(['ready', 'leased', 'delayed'] as const)
        .default('ready' as const),
    )
    .addOption(new Option('--max <n>', 'how many at most').argParser(parseCount).default(20))
    .action(async (name, messageId, { state, max }) => {
      const queue = cli.client.queue(name)
      if (messageId !== undefined) return cli.output.one(await queue.peekMessage(messageId, cli.call), COLUMNS)
      const messages: PeekedMessage[] = []
      for await (const message of queue.peekAll({ state, limit: Math.min(max, 100) }, cli.call)) {
        messages.push(message)
        if (messages.length === max) break
      }
      cli.output.list(messages, LIST_COLUMNS, `No message of ${name} is ${state}.`)
    })
}
