import { Argument, Command, Option } from '@commander-js/extra-typings'
import type { AccessKey, NewAccessKey } from '@stanchion/client'
import type { Cli } from '../../cli.ts'
import { confirmed } from '../../input/confirm.ts'
import { parseInteger } from '../../input/option-values.ts'
import type { Column } from '../../output/output.ts'

const KEY_COLUMNS: readonly Column<AccessKey>[] = [
  ['Id', ({ id }) => id],
  ['State', (key) => stateOf(key)],
  ['Role', ({ role }) => role],
  ['Queues', ({ queuePattern }) => queuePattern],
  ['Description', ({ description }) => description],
  ['Created', ({ createdAt }) => createdAt],
  ['Last used', ({ lastUsedAt }) => lastUsedAt],
]

const NEW_KEY_COLUMNS: readonly Column<NewAccessKey>[] = [
  ...(KEY_COLUMNS.slice(0, 4) as readonly Column<NewAccessKey>[]),
  ['Secret', ({ secret }) => secret],
  ['Bearer token', ({ id, secret }) => `${id}.${secret}`],
]

const SHOWN_ONCE = 'The secret is shown this once; keep it now.'

/** `stanchion key …`: for keys of role `admin`. */
export function createKey(cli: Cli) {
  return new Command('key')
    .description('Makes, lists, rotates and disables access keys; needs a key of role admin.')
    .addCommand(createKeyCreate(cli))
    .addCommand(createKeyList(cli))
    .addCommand(createKeyRotate(cli))
    .addCommand(createKeyDisable(cli))
}

function createKeyCreate(cli: Cli) {
  return new Command('create')
    .description('Makes an access key and shows its secret, this once.')
    .addOption(
      new Option('--role <role>', 'what it is for')
        .choices(['admin', 'producer', 'consumer', 'inspector', 'reader'] as const)
        .makeOptionMandatory(),
    )
    .option('--queues <pattern>', 'which queue names it reaches; * stands for any characters', '*')
    .option('--description <text>', 'a text for people', '')
    .action(async ({ role, queues, description }) => {
      const key = await cli.client.accessKeys.create({ role, queuePattern: queues, description }, cli.call)
      cli.output.one(key, NEW_KEY_COLUMNS)
      cli.say(SHOWN_ONCE)
    })
}

function createKeyList(cli: Cli) {
  return new Command('list').description('Lists the access keys of the account.').action(async () => {
    cli.output.list(await cli.client.accessKeys.list(cli.call), KEY_COLUMNS, 'There are no access keys.')
  })
}

function createKeyRotate(cli: Cli) {
  return new Command('rotate')
    .description('Makes a successor with the same role and pattern, and ends the old key after a while.')
    .addArgument(keyId())
    .addOption(
      new Option('--overlap-seconds <n>', 'how long the old key works besides')
        .argParser(parseInteger)
        .makeOptionMandatory(),
    )
    .action(async (id, { overlapSeconds }) => {
      cli.output.one(await cli.client.accessKeys.rotate(id, overlapSeconds, cli.call), NEW_KEY_COLUMNS)
      cli.say(SHOWN_ONCE)
    })
}

function createKeyDisable(cli: Cli) {
  return new Command('disable')
    .description('Refuses a key from now on.')
    .addArgument(keyId())
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('--yes', 'do not ask')
    .action(async (id, options) => {
      if (!(await confirmed(cli, `refuse the key ${id} for good`, id, options))) return
      cli.output.one(await cli.client.accessKeys.disable(id, cli.call), KEY_COLUMNS)
    })
}

function keyId() {
  return new Argument('<key-id>', 'the id of the key')
}

function stateOf({ disabledAt, expiresAt }: AccessKey): string {
  if (disabledAt !== undefined) return 'disabled'
  return expiresAt === undefined ? 'works' : `works until ${expiresAt}`
}
