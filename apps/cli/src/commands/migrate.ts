import { Command } from '@commander-js/extra-typings'
import { migrate, pendingMigrations } from '@stanchion/queue'
import type { Cli } from '../cli.ts'
import { CliError, usageError } from '../cli-error.ts'
import { plural } from '../output/plural.ts'

/** `stanchion migrate`: works on the database itself, so that it can be done before the servers of a new release start. */
export function createMigrate(cli: Cli) {
  return new Command('migrate')
    .description('Brings the schema of a database up to date. A server does so too when it starts.')
    .option('--database-url <url>', 'the Postgres; absent: DATABASE_URL')
    .option('--dry-run', 'list what would be applied, and do nothing')
    .action(async ({ databaseUrl = cli.terminal.env.DATABASE_URL, dryRun }) => {
      if (databaseUrl === undefined || databaseUrl === '') {
        throw usageError(
          'There is no database to migrate.',
          'Set DATABASE_URL or give --database-url. The embedded Postgres is migrated when the server starts.',
        )
      }
      const work = dryRun === true ? pendingMigrations : migrate
      const names = await work(databaseUrl).catch((error: Error) => {
        throw new CliError(`The database could not be migrated: ${error.message || String(error)}`)
      })
      const count = plural(names.length, 'migration')
      if (cli.output.isForPeople) {
        for (const name of names) cli.say(name)
        const sentence = dryRun === true ? `${count} would be applied.` : `${count} applied.`
        return cli.output.done(names.length === 0 ? 'The schema is up to date.' : sentence, {})
      }
      cli.output.one({ migrations: names, applied: dryRun !== true }, [])
    })
}
