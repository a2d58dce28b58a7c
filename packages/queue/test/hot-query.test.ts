import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createTestDatabase, type TestDatabase } from '@stanchion/testing'
import pg from 'pg'
import { HotQuery } from '../src/database/hot-query.ts'

const EVERYTHING = {
  name: 'everything',
  text: `SELECT n, n::bigint AS large, n / 2.0::double precision AS half, n > 1 AS more, 'ü' || $2 AS text, NULL::integer AS none
    FROM generate_series(1, $1::integer) n`,
}
const FAILS_AT_ZERO = { name: 'fails at zero', text: 'SELECT 12 / $1::integer AS quotient' }

let database: TestDatabase
let client: pg.Client
/** How often the connection was told what the columns are. */
let descriptions: number

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

beforeEach(async () => {
  client = await connect()
})
afterEach(() => client.end())

async function connect(): Promise<pg.Client> {
  const connected = new pg.Client({ connectionString: database.url })
  await connected.connect()
  const { connection } = connected as unknown as { connection: pg.Connection }
  connection.on('rowDescription', () => {
    descriptions += 1
  })
  descriptions = 0
  return connected
}

function run(statement: { name?: string; text: string }, ...values: unknown[]): Promise<unknown[][]> {
  return HotQuery.run(client, statement, values, pg.types)
}

describe('a statement with a name', () => {
  it('answers what pg answers, each time, and has its columns described once', async () => {
    const values = [3, 'ß']
    const expected = await client.query({ text: EVERYTHING.text, values, rowMode: 'array' })
    descriptions = 0
    for (let i = 0; i < 3; i += 1) expect(await run(EVERYTHING, ...values)).toEqual(expected.rows)
    expect(descriptions).toBe(1)
  })

  it('is prepared once', async () => {
    for (let i = 0; i < 3; i += 1) await run(EVERYTHING, i, '')
    const { rows } = await client.query(`SELECT name, generic_plans + custom_plans AS uses FROM pg_prepared_statements`)
    expect(rows).toEqual([{ name: 'everything', uses: '3' }])
  })

  it('without rows answers none', async () => {
    expect(await run(EVERYTHING, 0, '')).toEqual([])
    expect(await run(EVERYTHING, 1, 'x')).toEqual([[1, '1', 0.5, false, 'üx', null]])
  })

  it('that fails at first is described when it does not', async () => {
    await expect(run(FAILS_AT_ZERO, 0)).rejects.toMatchObject({ code: '22012', severity: 'ERROR' })
    expect(await run(FAILS_AT_ZERO, 4)).toEqual([[3]])
  })

  it('that fails leaves the connection to the next one', async () => {
    await run(FAILS_AT_ZERO, 1)
    await expect(run(FAILS_AT_ZERO, 0)).rejects.toMatchObject({ code: '22012' })
    await expect(run(FAILS_AT_ZERO, 'x')).rejects.toMatchObject({ code: '22P02' })
    expect(await run(FAILS_AT_ZERO, 3)).toEqual([[4]])
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  })

  it('that cannot be prepared fails each time', async () => {
    const statement = { name: 'nonsense', text: 'SELECT nonsense' }
    for (let i = 0; i < 2; i += 1) await expect(run(statement)).rejects.toMatchObject({ code: '42703' })
  })

  it('is described to each connection', async () => {
    const other = await connect()
    try {
      await run(EVERYTHING, 1, 'x')
      await HotQuery.run(other, EVERYTHING, [1, 'x'], pg.types)
      expect(await run(EVERYTHING, 1, 'x')).toEqual(await HotQuery.run(other, EVERYTHING, [1, 'x'], pg.types))
    } finally {
      await other.end()
    }
  })

  it('waits for the one before it, whatever becomes of that', async () => {
    const answers = await Promise.allSettled([
      run(EVERYTHING, 1, 'a'),
      run(FAILS_AT_ZERO, 0),
      run(FAILS_AT_ZERO, 2),
      run(EVERYTHING, 1, 'b'),
    ])
    expect(answers).toMatchObject([
      { value: [[1, '1', 0.5, false, 'üa', null]] },
      { reason: { code: '22012' } },
      { value: [[6]] },
      { value: [[1, '1', 0.5, false, 'üb', null]] },
    ])
  })
})

it('a statement without a name is prepared and described each time', async () => {
  for (let i = 1; i <= 3; i += 1) expect(await run({ text: FAILS_AT_ZERO.text }, i)).toEqual([[12 / i]])
  expect(descriptions).toBe(3)
})

it('a statement whose connection is lost fails', async () => {
  client.on('error', () => undefined)
  await expect(run({ text: 'SELECT pg_terminate_backend(pg_backend_pid())' })).rejects.toMatchObject({ code: '57P01' })
  await expect(run(EVERYTHING, 1, 'x')).rejects.toThrow()
})
