import { Command, Option } from '@commander-js/extra-typings'
import type { HandleResult } from '@stanchion/client'
import type { Cli } from '../../cli.ts'
import { usageError } from '../../cli-error.ts'
import { inBatches } from '../../input/in-batches.ts'
import { parseInteger } from '../../input/option-values.ts'
import { parseObject, readLines } from '../../input/read-lines.ts'
import { plural } from '../../output/plural.ts'
import { BatchReport } from './batch-report.ts'

const BATCH = { countMax: 1_000, bytesMax: 1024 * 1024, bytesOf: (handle: string) => handle.length }

const HANDLES =
  'receipt handles; - takes them from the standard input, one a line, or messages as "receive -o ndjson" writes them'

/** `stanchion message delete` */
export function createMessageDelete(cli: Cli) {
  return new Command('delete')
    .description('Deletes messages that were received. Again is fine.')
    .argument('<queue>', 'the queue')
    .argument('<handles...>', HANDLES)
    .option('--dry-run', 'say what would be deleted, and do nothing')
    .action(async (name, handles, { dryRun }) => {
      if (dryRun === true) {
        let count = 0
        for await (const _ of handlesOf(cli, handles)) count += 1
        const would = `delete ${plural(count, 'message')} of ${name}`
        return cli.output.done(`Would ${would}. Nothing was done.`, { dryRun: true, would })
      }
      await settle(cli, handles, 'deleted', (batch) => cli.client.queue(name).deleteBatch(batch, cli.call))
    })
}

/** `stanchion message extend` */
export function createMessageExtend(cli: Cli) {
  return new Command('extend')
    .description('Keeps messages leased, from now on for this long.')
    .argument('<queue>', 'the queue')
    .argument('<handles...>', HANDLES)
    .addOption(
      new Option('--visibility-timeout-seconds <n>', 'for how long').argParser(parseInteger).makeOptionMandatory(),
    )
    .action(async (name, handles, { visibilityTimeoutSeconds }) => {
      await settle(cli, handles, 'extended', (batch) =>
        cli.client.queue(name).extendBatch(
          batch.map((lease) => ({ lease, visibilityTimeoutSeconds })),
          cli.call,
        ),
      )
    })
}

/** `stanchion message release` */
export function createMessageRelease(cli: Cli) {
  return new Command('release')
    .description('Gives messages back, so that they can be received again at once.')
    .argument('<queue>', 'the queue')
    .argument('<handles...>', HANDLES)
    .action(async (name, handles) => {
      await settle(cli, handles, 'released', (batch) => cli.client.queue(name).releaseBatch(batch, cli.call))
    })
}

async function settle(
  cli: Cli,
  handles: readonly string[],
  verb: string,
  call: (handles: string[]) => Promise<HandleResult[]>,
): Promise<void> {
  const report = new BatchReport(cli, verb)
  for await (const batch of inBatches(handlesOf(cli, handles), BATCH)) {
    await report.add(
      batch.map((receiptHandle) => ({ receiptHandle })),
      `the handle ${batch[0]}`,
      () => call(batch),
    )
  }
  report.finish()
}

async function* handlesOf(cli: Cli, handles: readonly string[]): AsyncGenerator<string, void> {
  if (!handles.includes('-')) return yield* handles
  if (handles.length > 1) throw usageError('- stands alone: all handles come from the standard input then.')
  for await (const line of readLines(cli.terminal)) {
    if (!line.text.startsWith('{')) yield line.text
    else {
      const { receiptHandle } = parseObject(line)
      if (typeof receiptHandle !== 'string') {
        throw usageError(`Line ${line.number} of the standard input has no receiptHandle.`)
      }
      yield receiptHandle
    }
  }
}
