import { readFile } from 'node:fs/promises'
import { Command, Option } from '@commander-js/extra-typings'
import type { NewMessage } from '@stanchion/client'
import type { Cli } from '../../cli.ts'
import { usageError } from '../../cli-error.ts'
import { inBatches } from '../../input/in-batches.ts'
import { collectAttribute, parseInteger } from '../../input/option-values.ts'
import { decode, readAll, readLines } from '../../input/read-lines.ts'
import { BatchReport } from './batch-report.ts'
import { type MessageDefaults, parseMessage, toMessage } from './to-message.ts'

/** A request has 8 MiB of JSON at most, in which a character can take six bytes. */
const BATCH = { countMax: 1_000, bytesMax: 1024 * 1024 }

/** `stanchion message send` */
export function createMessageSend(cli: Cli) {
  return new Command('send')
    .description('Sends one message, or one for each line of the standard input.')
    .argument('<queue>', 'the queue')
    .argument('[body]', 'the body; - takes it from the standard input')
    .option('--file <path>', 'take the body from a file')
    .option('--lines', 'send each line of the standard input as a body')
    .option('--ndjson', 'send each line of the standard input as a message: {"body":"…","groupId":"…",…}')
    .addOption(
      new Option(
        '--attribute <name[:type]=value>',
        'an attribute of type string, number or binary (base64); give it once for each',
      ).argParser(collectAttribute),
    )
    .option('--group-id <id>', 'the message group; FIFO queues need one')
    .option('--deduplication-id <id>', 'FIFO: what makes it the same message for five minutes')
    .addOption(new Option('--delay-seconds <n>', 'how long it stays delayed').argParser(parseInteger))
    .option('--trace-header <text>', 'a tracing header that travels with the message')
    .action(async (name, body, { file, lines, ndjson, ...defaults }) => {
      const sources = [body, file, lines, ndjson].filter((source) => source !== undefined)
      if (sources.length !== 1) {
        throw usageError('Say where the messages come from: a body, - , --file, --lines or --ndjson, and one of them.')
      }
      if (lines === true || ndjson === true) {
        if (defaults.deduplicationId !== undefined) {
          throw usageError('With one --deduplication-id only the first line would be stored. Say it in NDJSON.')
        }
        return sendLines(cli, name, ndjson === true, defaults)
      }
      const sent = await cli.client.queue(name).send(toMessage(await readBody(cli, body, file), defaults), cli.call)
      cli.output.one(sent, [
        ['Message id', ({ messageId }) => messageId],
        ['Sequence number', ({ sequenceNumber }) => sequenceNumber],
        ['Duplicate', ({ isDuplicate }) => (isDuplicate === true ? 'yes; the first one stands' : undefined)],
      ])
    })
}

async function readBody(cli: Cli, body: string | undefined, file: string | undefined): Promise<string> {
  if (file !== undefined) {
    const bytes = await readFile(file).catch((error: Error) => {
      throw usageError(`The file cannot be read: ${error.message}`)
    })
    return decode(bytes, file)
  }
  return body === '-' ? readAll(cli.terminal) : (body as string)
}

interface NumberedMessage {
  readonly number: number
  readonly message: NewMessage
}

async function* messagesOf(cli: Cli, isNdjson: boolean, defaults: MessageDefaults): AsyncGenerator<NumberedMessage> {
  for await (const line of readLines(cli.terminal)) {
    const message = isNdjson ? parseMessage(line, defaults) : toMessage(line.text, defaults)
    yield { number: line.number, message }
  }
}

async function sendLines(cli: Cli, name: string, isNdjson: boolean, defaults: MessageDefaults): Promise<void> {
  const queue = cli.client.queue(name)
  const report = new BatchReport(cli, 'sent')
  const limits = { ...BATCH, bytesOf: ({ message }: NumberedMessage) => Buffer.byteLength(JSON.stringify(message)) }
  for await (const batch of inBatches(messagesOf(cli, isNdjson, defaults), limits)) {
    const lines = batch.map(({ number }) => number)
    await report.add(
      lines.map((line) => ({ line })),
      `line ${lines[0]}`,
      () =>
        queue.sendBatch(
          batch.map(({ message }) => message),
          cli.call,
        ),
    )
  }
  report.finish()
}
