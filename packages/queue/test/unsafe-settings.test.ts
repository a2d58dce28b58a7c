import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startTestPostgres, type TestPostgres } from '@stanchion/testing'
import pg from 'pg'
import { createEngine, type Engine } from '../src/index.ts'

/** What concerns the whole server is set on a server of one's own. */
let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startTestPostgres()
})
afterAll(() => postgres.drop())

async function query(text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

/** Changes a setting of the server, or takes the change back, and waits until new sessions see it. */
async function set(name: string, value?: string): Promise<void> {
  const [before] = await query(`SELECT reset_val, boot_val FROM pg_settings WHERE name = '${name}'`)
  await query(value === undefined ? `ALTER SYSTEM RESET ${name}` : `ALTER SYSTEM SET ${name} = ${value}`)
  await query('SELECT pg_reload_conf()')
  while ((await query(`SHOW ${name}`))[0]?.[name] !== (value ?? before?.boot_val));
}

async function start(databaseUrl: string, allowUnsafeDatabase = false): Promise<void> {
  await (await createEngine({ databaseUrl, allowUnsafeDatabase })).close()
}

/** The URL with settings that a session brings along. */
function withOptions(options: string): string {
  const { url } = postgres
  return `${url}${url.includes('?') ? '&' : '?'}options=${encodeURIComponent(options)}`
}

describe('settings of the whole server that void the promises', () => {
  it.each([
    ['fsync', 'off', /fsync is off: acknowledged messages are lost/],
    ['full_page_writes', 'off', /full_page_writes is off: a power cut can damage/],
    ['synchronous_commit', 'off', /synchronous_commit is off: the last acknowledged messages are lost/],
    ['zero_damaged_pages', 'on', /zero_damaged_pages is on: damaged messages vanish/],
    ['ignore_checksum_failure', 'on', /ignore_checksum_failure is on: damaged messages are delivered/],
  ])('G33 %s = %s stops the start by name, unless it is allowed explicitly', async (name, value, reason) => {
    await set(name, value)
    try {
      await expect(start(postgres.url)).rejects.toThrow(reason)
      await expect(start(postgres.url)).rejects.toThrow('STANCHION_ALLOW_UNSAFE_DATABASE=true starts anyway')
      await start(postgres.url, true)
    } finally {
      await set(name)
    }
    await start(postgres.url)
  })

  it('G33 all of them are named at once', async () => {
    await set('fsync', 'off')
    await set('full_page_writes', 'off')
    try {
      await expect(start(postgres.url)).rejects.toThrow(/fsync is off.*full_page_writes is off/s)
    } finally {
      await set('fsync')
      await set('full_page_writes')
    }
  })
})

describe('settings that sessions bring along', () => {
  it('G33 are looked at where they come from the URL of the database', async () => {
    await expect(start(withOptions('-c synchronous_commit=off'))).rejects.toThrow(/synchronous_commit is off/)
  })

  it('G33 are looked at where they belong to the role', async () => {
    await query(`CREATE ROLE hasty SUPERUSER LOGIN`)
    await query(`ALTER ROLE hasty SET synchronous_commit = off`)
    await expect(start(postgres.url.replace('//postgres@', '//hasty@'))).rejects.toThrow(/synchronous_commit is off/)
  })
})

it('G33 a standby is refused, whatever is allowed, and taken once it is promoted', async () => {
  await start(postgres.url)
  const [directory] = await query('SHOW data_directory')
  writeFileSync(join(String(directory?.data_directory), 'standby.signal'), '')
  await postgres.restart()
  await expect(start(postgres.url)).rejects.toThrow(/read-only: it is a standby/)
  await expect(start(postgres.url, true)).rejects.toThrow(/read-only: it is a standby/)
  await query('SELECT pg_promote()')
  await start(postgres.url)
})

describe('G23 a commit whose wait for the standby was given up is no success: its outcome is unknown', () => {
  const queue = { accountId: '000000000000', name: 'unconfirmed' }

  it.each<[string, (engine: Engine) => Promise<unknown>]>([
    ['a send', (engine) => engine.sendMessages(queue, [{ body: 'stored, but by nobody else' }])],
    ['a change of the queue', (engine) => engine.updateQueue(queue, { settings: { delaySeconds: 1 } })],
  ])('%s', async (_what, ask) => {
    const engine = await createEngine({ databaseUrl: postgres.url })
    try {
      await engine.createQueue(queue)
      await set('synchronous_standby_names', 'nobody')
      let outcome: unknown
      const asked = ask(engine).then(
        (result) => {
          outcome = result
        },
        (error: unknown) => {
          outcome = error
        },
      )
      while (outcome === undefined) {
        await query(`SELECT pg_cancel_backend(pid) FROM pg_stat_activity
          WHERE application_name LIKE 'stanchion%' AND wait_event = 'SyncRep'`)
      }
      await asked
      expect(outcome).toMatchObject({ code: 'outcomeUnknown' })
    } finally {
      await set('synchronous_standby_names')
      await engine.close()
    }
  })
})
