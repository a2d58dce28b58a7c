import { Command, type CommandUnknownOpts, Option } from '@commander-js/extra-typings'
import { Cli } from './cli.ts'
import { createComplete, createCompletion } from './commands/completion.ts'
import { createDoctor } from './commands/doctor.ts'
import { createKey } from './commands/key/index.ts'
import { createMessage } from './commands/message/index.ts'
import { createMigrate } from './commands/migrate.ts'
import { createQueue } from './commands/queue/index.ts'
import { createRedrive } from './commands/redrive/index.ts'
import { createTop } from './commands/top.ts'
import { parseCount } from './input/option-values.ts'
import { FORMATS } from './output/output.ts'
import type { Terminal } from './terminal.ts'

const DEFAULT_URL = 'http://127.0.0.1:9324'

const EPILOGUE = `
Exit codes: 0 done, 1 failed, 2 the command line is wrong, 3 it is not known whether it took effect, 130 interrupted.`

/** Everything but the commands for completion, which look at all this. */
function createWorkingProgram(terminal: Terminal) {
  const program = new Command('stanchion')
    .description('Works with the queues, messages, keys and database of a Stanchion server.')
    .addOption(
      new Option('--url <url>', 'where the server is; STANCHION_URL says it for all commands').default(DEFAULT_URL),
    )
    .addOption(
      new Option('--access-key <id.secret>', 'who asks; better in STANCHION_ACCESS_KEY, which no process list shows'),
    )
    .addOption(
      new Option('-o, --output <format>', 'how answers are written').choices(FORMATS).default('table' as const),
    )
    .addOption(
      new Option('--timeout-seconds <n>', 'how long a call takes at most, besides the time that a receive waits')
        .argParser(parseCount)
        .default(30),
    )
    .addHelpText('after', EPILOGUE)
  for (const [name, variable] of [
    ['url', 'STANCHION_URL'],
    ['accessKey', 'STANCHION_ACCESS_KEY'],
  ] as const) {
    const value = terminal.env[variable]
    if (value !== undefined && value !== '') program.setOptionValueWithSource(name, value, 'env')
  }
  const cli = new Cli(terminal, () => program.opts())
  for (const create of [createQueue, createMessage, createRedrive, createKey, createTop, createDoctor, createMigrate]) {
    program.addCommand(create(cli))
  }
  return { program, cli }
}

/** The whole command line. Its help is also what docs/reference/cli.md is made of. */
export function createProgram(terminal: Terminal): CommandUnknownOpts {
  const { program, cli } = createWorkingProgram(terminal)
  const afresh = () => createWorkingProgram(terminal).program
  program.addCommand(createCompletion(cli, afresh))
  program.addCommand(createComplete(cli, afresh), { hidden: true })
  settle(program, terminal)
  return program
}

/** What all commands share: they write to the terminal that was given, and throw instead of ending the process. */
function settle(command: CommandUnknownOpts, terminal: Terminal): void {
  command
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      getOutHelpWidth: () => Math.min(terminal.stdout.columns ?? 100, 120),
      getErrHelpWidth: () => Math.min(terminal.stderr.columns ?? 100, 120),
    })
    .showHelpAfterError('(--help shows what can be given)')
    .showSuggestionAfterError()
  for (const child of command.commands) settle(child, terminal)
}
