import { readFileSync, writeFileSync } from 'node:fs'
import type { CommandUnknownOpts } from '@commander-js/extra-typings'
import { createProgram } from '../create-program.ts'

/**
 * Writes `docs/reference/cli.md` from the commands and their options; with `--check` it compares instead and fails on a
 * difference.
 */
const FILE = new URL('../../../../docs/reference/cli.md', import.meta.url)

const INTRO = `<!-- Generated from apps/cli/src; do not edit. -->

# Command line

Every command of \`stanchion\` and its options. [The command line](../operate/cli.md) shows them at work.

A command reads \`STANCHION_URL\` and \`STANCHION_ACCESS_KEY\` where \`--url\` and \`--access-key\` are absent. What it answers goes to the
standard output, everything else it says to the standard error. \`-o json\` and \`-o ndjson\` write objects as the [REST API](rest.md) has them.

| Exit code | What it says |
| --- | --- |
| 0 | Done. |
| 1 | It was refused or could not be done, as a whole or in part. |
| 2 | The command line is wrong; nothing was asked of the server. |
| 3 | It is not known whether it took effect. |
| 130 | The user ended it. |
`

const program = createProgram({ ...process, env: {}, signal: new AbortController().signal })

function section(command: CommandUnknownOpts, level: number, path: string): string {
  const parts = [`${'#'.repeat(level)} ${path}`, command.description()]
  const help = command.createHelp()
  const words = help.visibleArguments(command).map(({ description }, index) => {
    const argument = command.registeredArguments[index]
    const name = `${argument?.name()}${argument?.variadic === true ? '...' : ''}`
    return [argument?.required === true ? `<${name}>` : `[${name}]`, description, choices(argument?.argChoices)]
  })
  const options = help
    .visibleOptions(command)
    .filter(({ long }) => long !== '--help')
    .map(({ flags, description, argChoices, defaultValue, mandatory }) => [
      flags,
      description,
      `${choices(argChoices)}${mandatory ? ' Required.' : ''}${fallback(defaultValue)}`,
    ])
  const rows = [...words, ...options].map(
    ([name, description, more]) => `| \`${escaped(name)}\` | ${escaped(`${sentence(description)}${more}`)} |`,
  )
  if (rows.length > 0) parts.push(['| Argument or option | What it is |', '| --- | --- |', ...rows].join('\n'))
  return parts.join('\n\n')
}

/** Descriptions of arguments and options begin small, as in the help. */
function sentence(text = ''): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

function choices(values: readonly string[] | undefined): string {
  return values === undefined ? '' : ` One of ${values.map((value) => `\`${value}\``).join(', ')}.`
}

function fallback(value: unknown): string {
  return value === undefined || value === '' || typeof value === 'boolean' ? '' : ` \`${value}\` when absent.`
}

function escaped(text = ''): string {
  return text.replaceAll('|', '\\|')
}

const groups = program.createHelp().visibleCommands(program)
const sections = [section(program, 2, 'stanchion')]
for (const group of groups) {
  if (group.name() === 'help') continue
  const path = `stanchion ${group.name()}`
  sections.push(section(group, 2, path))
  for (const command of group.commands) sections.push(section(command, 3, `${path} ${command.name()}`))
}
const text = `${INTRO}\n${sections.join('\n\n')}\n`

if (!process.argv.includes('--check')) {
  writeFileSync(FILE, text)
} else if (readFileSync(FILE, 'utf8') !== text) {
  process.stderr.write('docs/reference/cli.md differs from the commands; run "npm run generate".\n')
  process.exitCode = 1
}
