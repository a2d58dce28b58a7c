import { Argument, Command, type CommandUnknownOpts } from '@commander-js/extra-typings'
import type { Command as PlainCommand } from 'commander'
import type { Cli } from '../cli.ts'

/** A key press does not wait longer for the names of queues. */
const NAMES_SECONDS_MAX = 1

/** Options whose value is the name of a queue, as arguments called `queue` are. */
const QUEUE_OPTIONS = ['to', 'dead-letter-queue']

const INSTALL = `
For this shell:   source <(stanchion completion bash)
For every shell:  stanchion completion bash > ~/.local/share/bash-completion/completions/stanchion
zsh and fish alike: put what it prints where your shell looks for completions.`

/** `stanchion completion`: prints what makes a shell complete commands, options and the names of queues. */
export function createCompletion(_cli: Cli, createProgram: () => CommandUnknownOpts) {
  return new Command('completion')
    .description('Prints the completion script for a shell.')
    .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish', 'powershell'] as const))
    .addHelpText('after', INSTALL)
    .action(async (shell) => {
      const root = await wordsOf(createProgram())
      root.setup('stanchion', 'stanchion', shell)
    })
}

/** The hidden command that those scripts ask for the words that may come next. */
export function createComplete(cli: Cli, createProgram: () => CommandUnknownOpts) {
  return new Command('complete')
    .description('Answers the completion script of a shell.')
    .argument('[words...]')
    .action(async (words) => {
      const root = await wordsOf(createProgram())
      const names = words.length > 2 ? await queueNames(cli) : []
      const offerNames = (offer: (value: string, description: string) => void) => {
        for (const name of names) offer(name, '')
      }
      for (const command of root.commands.values()) {
        const argument = command.arguments.get('queue')
        if (argument !== undefined) argument.handler = offerNames
        for (const name of QUEUE_OPTIONS) {
          const option = command.options.get(name)
          if (option !== undefined) option.handler = offerNames
        }
      }
      root.parse(words)
    })
}

/** Loaded when it is asked for: no other command needs it. */
async function wordsOf(program: CommandUnknownOpts) {
  const { default: tab } = await import('@bomb.sh/tab/commander')
  return tab(program as unknown as PlainCommand)
}

/** None when the server does not answer: a shell that completes is no place for errors. */
async function queueNames(cli: Cli): Promise<string[]> {
  try {
    const { queues } = await cli.client.listQueues(
      { limit: 1_000 },
      { ...cli.call, timeoutSeconds: NAMES_SECONDS_MAX, attemptsMax: 1 },
    )
    return queues.map(({ name }) => name)
  } catch {
    return []
  }
}
