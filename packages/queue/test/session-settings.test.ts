import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createTestDatabase, type TestDatabase } from '@stanchion/testing'
import { Database } from '../src/database/database.ts'

const LOGGER = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

let testDatabase: TestDatabase
beforeAll(async () => {
  testDatabase = await createTestDatabase()
})
afterAll(() => testDatabase.drop())

/** What a hot connection has, when the URL brings these options along. */
async function settingsWith(options: string | undefined, ...names: string[]): Promise<unknown[]> {
  const { url } = testDatabase
  const database = new Database(
    {
      url: options === undefined ? url : `${url}${url.includes('?') ? '&' : '?'}options=${encodeURIComponent(options)}`,
      pooler: 'none',
      poolSizeMax: 1,
      deadlineMs: 8_000,
      logger: LOGGER,
    },
    false,
  )
  try {
    const text = `SELECT ${names.map((name) => `current_setting('${name}')`).join(', ')}`
    return (await database.run({ name: 'settings', text }, []))[0] as unknown[]
  } finally {
    await database.close()
  }
}

describe('options in the URL of the database', () => {
  const SAFETY = ['statement_timeout', 'lock_timeout', 'default_transaction_isolation', 'enable_seqscan'] as const
  const EXPECTED = ['8s', '4s', 'read committed', 'off']

  it('G24 take nothing away of what keeps late work from taking effect', async () => {
    expect(await settingsWith(undefined, ...SAFETY)).toEqual(EXPECTED)
    expect(await settingsWith('-c search_path=mine -c geqo=off', ...SAFETY)).toEqual(EXPECTED)
    expect(
      await settingsWith('-c statement_timeout=0 -c default_transaction_isolation=serializable', ...SAFETY),
    ).toEqual(EXPECTED)
  })

  it('hold all the same', async () => {
    expect(await settingsWith('-c search_path=mine -c geqo=off', 'search_path', 'geqo')).toEqual(['mine', 'off'])
  })
})
