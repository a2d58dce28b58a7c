import { parseArgs } from 'node:util'
import { type AccessKey, AccessKeys, IdentityError, ROLES, type Role } from '@stanchion/identity'
import { createEngine } from '@stanchion/queue'
import { type Config, ConfigError, loadConfig } from './config.ts'

/**
 * The command line for access keys, on the database itself: it makes the first key, before there is one to ask REST with.
 * The settings are those of the server.
 */
const USAGE = `usage: npm run keys -- <command>

  create --role ${ROLES.join('|')} [--queues PATTERN] [--description TEXT] [--account ID]
  list [--account ID]
  rotate KEY_ID --overlap-seconds N [--account ID]
  disable KEY_ID [--account ID]

STANCHION_MASTER_KEY must be set, and DATABASE_URL unless the embedded Postgres is meant.`

/** Ends the program with a sentence instead of a stack. */
class UsageError extends Error {}

async function main(): Promise<void> {
  const { values, positionals } = readArguments()
  const config = loadConfig(process.env)
  const run = await withKeys(config, async (keys) => {
    const [command, id = ''] = positionals
    const accountId = values.account ?? config.accountId
    switch (command) {
      case 'create': {
        const created = await keys.create({
          accountId,
          role: (values.role ?? '') as Role,
          queuePattern: values.queues ?? '*',
          description: values.description ?? '',
        })
        return withSecret(created.key, created.secret)
      }
      case 'list':
        return (await keys.list(accountId)).map(inOneLine).join('\n')
      case 'rotate': {
        const successor = await keys.rotate(accountId, id, Number(values['overlap-seconds'] ?? Number.NaN))
        return withSecret(successor.key, successor.secret)
      }
      case 'disable':
        return inOneLine(await keys.disable(accountId, id))
      default:
        throw new UsageError(USAGE)
    }
  })
  process.stdout.write(run === '' ? '' : `${run}\n`)
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        role: { type: 'string' },
        queues: { type: 'string' },
        description: { type: 'string' },
        account: { type: 'string' },
        'overlap-seconds': { type: 'string' },
      },
    })
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${USAGE}`)
  }
}

/** Opens the keys of the configured database, brought up to date first. */
async function withKeys(config: Config, work: (keys: AccessKeys) => Promise<string>): Promise<string> {
  const { masterKey } = config
  if (masterKey === undefined) throw new UsageError('STANCHION_MASTER_KEY is not set.')
  if (config.databaseUrl !== undefined) return onDatabase(config.databaseUrl, masterKey, work)
  const { startEmbeddedPostgres } = await import('@stanchion/embedded-postgres')
  const postgres = await startEmbeddedPostgres({ dataDir: config.dataDir })
  try {
    return await onDatabase(postgres.databaseUrl, masterKey, work)
  } finally {
    await postgres.stop()
  }
}

async function onDatabase(
  databaseUrl: string,
  masterKey: NonNullable<Config['masterKey']>,
  work: (keys: AccessKeys) => Promise<string>,
): Promise<string> {
  const engine = await createEngine({ databaseUrl, poolSizeMax: 2 })
  await engine.close()
  const keys = new AccessKeys({ databaseUrl, masterKey })
  try {
    return await work(keys)
  } finally {
    await keys.close()
  }
}

/** As AWS clients read it from the environment; the secret is shown this once. */
function withSecret(key: AccessKey, secret: string): string {
  return `AWS_ACCESS_KEY_ID=${key.id}\nAWS_SECRET_ACCESS_KEY=${secret}`
}

function inOneLine(key: AccessKey): string {
  const state = key.disabledAt !== undefined ? 'disabled' : key.expiresAt === undefined ? 'works' : 'expires'
  const times = [`created ${key.createdAt.toISOString()}`]
  if (key.expiresAt !== undefined) times.push(`expires ${key.expiresAt.toISOString()}`)
  if (key.lastUsedAt !== undefined) times.push(`last used ${key.lastUsedAt.toISOString()}`)
  return [key.id, state, key.role, key.queuePattern, ...times, key.description].join('  ').trimEnd()
}

try {
  await main()
} catch (error) {
  const isForPeople = error instanceof UsageError || error instanceof ConfigError || error instanceof IdentityError
  process.stderr.write(`${isForPeople ? error.message : String(error)}\n`)
  process.exitCode = isForPeople ? 2 : 1
}
