import { setTimeout as pause } from 'node:timers/promises'
import { styleText } from 'node:util'
import { Command, Option } from '@commander-js/extra-typings'
import type { QueueStatistics } from '@stanchion/client'
import { createLogUpdate } from 'log-update'
import type { Cli } from '../cli.ts'
import { parseCount } from '../input/option-values.ts'
import { listTable } from '../output/output.ts'
import { plural } from '../output/plural.ts'
import { rate } from '../output/rate.ts'
import { STATISTICS_COLUMNS } from './queue/list.ts'

const ORDERS = {
  ready: ({ visible }: QueueStatistics) => visible,
  leased: ({ inFlight }: QueueStatistics) => inFlight,
  oldest: ({ oldestMessageAgeSeconds }: QueueStatistics) => oldestMessageAgeSeconds ?? -1,
  in: ({ sentPerSecond }: QueueStatistics) => sentPerSecond,
  out: ({ deletedPerSecond }: QueueStatistics) => deletedPerSecond,
} as const

/** `stanchion top`: a table that renews itself. */
export function createTop(cli: Cli) {
  return new Command('top')
    .description('Shows the queues that matter most, renewed until you stop it; once where nobody watches.')
    .addOption(
      new Option('--sort <order>', 'what comes first')
        .choices(['ready', 'leased', 'oldest', 'in', 'out'] as const)
        .default('ready' as const),
    )
    .addOption(new Option('--rows <n>', 'how many queues').argParser(parseCount).default(20))
    .addOption(new Option('--every-seconds <n>', 'how often it is renewed').argParser(parseCount).default(2))
    .option('--prefix <text>', 'only queues whose names start with it')
    .option('--once', 'show it once')
    .action(async ({ sort, rows, everySeconds, prefix, once }) => {
      const { stdout, signal } = cli.terminal
      const look = async () => {
        const queues: QueueStatistics[] = []
        const filter = prefix === undefined ? {} : { prefix }
        for await (const queue of cli.client.queueStatistics(filter, cli.call)) queues.push(queue)
        const order = ORDERS[sort]
        return queues.sort((a, b) => order(b) - order(a) || (a.name < b.name ? -1 : 1))
      }
      if (once === true || stdout.isTTY !== true || !cli.output.isForPeople) {
        return cli.output.list((await look()).slice(0, rows), STATISTICS_COLUMNS, 'There are no queues.')
      }
      const screen = createLogUpdate(stdout as NodeJS.WriteStream)
      while (!signal.aborted) {
        const queues = await look()
        screen(`${summary(queues)}\n\n${listTable(queues.slice(0, rows), STATISTICS_COLUMNS)}`)
        await pause(everySeconds * 1_000, undefined, { signal })
      }
    })
}

/** All queues in one line. */
function summary(queues: readonly QueueStatistics[]): string {
  const sum = (read: (queue: QueueStatistics) => number) => queues.reduce((total, queue) => total + read(queue), 0)
  const messages = sum(({ visible, inFlight, delayed }) => visible + inFlight + delayed)
  const flow = `${rate(sum(ORDERS.in)) ?? 0} in/s, ${rate(sum(ORDERS.out)) ?? 0} out/s`
  return styleText('bold', `${plural(queues.length, 'queue')}, ${plural(messages, 'message')}, ${flow}`)
}
