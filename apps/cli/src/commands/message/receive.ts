import { Command, Option } from '@commander-js/extra-typings'
import type { Message, Queue, ReceiveRequest } from '@stanchion/client'
import type { Cli } from '../../cli.ts'
import { CliError, usageError } from '../../cli-error.ts'
import { parseCount, parseInteger } from '../../input/option-values.ts'
import { plural } from '../../output/plural.ts'
import { excerpt } from '../../output/printable.ts'
import { MESSAGE_COLUMNS, MESSAGE_LIST_COLUMNS } from './message-columns.ts'

/** Messages of one call, when all are wanted. */
const CALL_MAX = 100

/** `stanchion message receive` */
export function createMessageReceive(cli: Cli) {
  return new Command('receive')
    .description('Leases messages and shows them. A delivery counts; "message peek" looks without one.')
    .argument('<queue>', 'the queue')
    .addOption(new Option('--max <n>', 'how many at most').argParser(parseCount).default(1))
    .addOption(
      new Option('--wait-seconds <n>', 'how long to wait for a first message; absent: as the queue says').argParser(
        parseInteger,
      ),
    )
    .addOption(
      new Option('--visibility-timeout-seconds <n>', 'how long they stay leased; absent: as the queue says').argParser(
        parseInteger,
      ),
    )
    .option('--delete', 'delete each after it was shown')
    .option('--all', 'go on until the queue has nothing to give, one JSON object a line')
    .option('--follow', 'go on until you stop it, one JSON object a line')
    .action(async (name, { max, waitSeconds, visibilityTimeoutSeconds, delete: deletes, all, follow }) => {
      if (all === true && follow === true) throw usageError('--all and --follow exclude each other.')
      const queue = cli.client.queue(name)
      const request: ReceiveRequest = {
        ...(waitSeconds === undefined ? {} : { waitSeconds }),
        ...(visibilityTimeoutSeconds === undefined ? {} : { visibilityTimeoutSeconds }),
      }
      if (all === true || follow === true) {
        return receiveOn(cli, queue, { ...request, maxMessages: CALL_MAX }, follow === true, deletes === true)
      }
      const messages = await queue.receive({ ...request, maxMessages: max }, cli.call)
      show(cli, messages, max)
      if (deletes === true) await deleteShown(cli, queue, messages)
    })
}

/** A single message whole, several as a list. */
function show(cli: Cli, messages: readonly Message[], max: number): void {
  const [first] = messages
  const { output } = cli
  if (!output.isForPeople || first === undefined || max > 1) {
    output.list(messages, MESSAGE_LIST_COLUMNS, 'No message came.')
    if (output.isForPeople && messages.length > 0) cli.say('Receipt handles are in "-o json".')
    return
  }
  output.one(first, MESSAGE_COLUMNS)
}

async function receiveOn(
  cli: Cli,
  queue: Queue,
  request: ReceiveRequest,
  isEndless: boolean,
  deletes: boolean,
): Promise<void> {
  let count = 0
  for (;;) {
    const messages = await queue.receive(
      isEndless ? request : { ...request, waitSeconds: request.waitSeconds ?? 0 },
      cli.call,
    )
    if (messages.length === 0 && !isEndless) break
    cli.output.lines(messages)
    if (deletes) await deleteShown(cli, queue, messages)
    count += messages.length
  }
  cli.say(`${plural(count, 'message')} received.`)
}

/** @throws CliError when some could not be deleted */
async function deleteShown(cli: Cli, queue: Queue, messages: readonly Message[]): Promise<void> {
  if (messages.length === 0) return
  const results = await queue.deleteBatch(messages, cli.call)
  const failures = results.flatMap(({ error }, index) =>
    error === undefined ? [] : [`${messages[index]?.messageId}: ${excerpt(error.detail, 200)}`],
  )
  if (failures.length > 0) throw new CliError(`Not deleted: ${failures.join('; ')}`)
}
