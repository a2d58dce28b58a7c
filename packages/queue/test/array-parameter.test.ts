import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { createTestDatabase, type TestDatabase } from '@stanchion/testing'
import fc from 'fast-check'
import pg from 'pg'
import { byteArray, textArray, toParameter } from '../src/database/array-parameter.ts'

let database: TestDatabase
let client: pg.Client

beforeAll(async () => {
  database = await createTestDatabase()
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
})

afterAll(async () => {
  await client.end()
  await database.drop()
})

const text = fc.string({ unit: 'grapheme-composite', maxLength: 20 }).filter((value) => !value.includes('\0'))

it('a text array reaches the database as it is, with nothing in it, with null, and with what literals escape', async () => {
  const lists = fc.array(fc.option(fc.oneof(text, fc.constantFrom('', 'NULL', '"', '\\', '{}', "'", ','))), {
    maxLength: 8,
  })
  await fc.assert(
    fc.asyncProperty(lists, async (values) => {
      const { rows } = await client.query('SELECT $1::text[] AS list', [textArray(values)])
      expect(rows[0].list).toEqual(values)
    }),
    { numRuns: 100 },
  )
})

it('so do bytes, whatever they are', async () => {
  const lists = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(lists, async (values) => {
      const bytes = values.map((value) => Buffer.from(value))
      const { rows } = await client.query('SELECT $1::bytea[] AS list', [
        byteArray(bytes.map((value) => value.toString('latin1'))),
      ])
      expect(rows[0].list).toEqual(bytes)
    }),
    { numRuns: 100 },
  )
})

it('a character that Postgres does not store is refused like in any other text', async () => {
  await expect(client.query('SELECT $1::text[]', [textArray(['a\0b'])])).rejects.toMatchObject({ code: '22021' })
})

it.each([
  [[], 'bigint', []],
  [[1, -2, 3], 'bigint', ['1', '-2', '3']],
  [[9_223_372_036_854_775_807n, 0n], 'bigint', ['9223372036854775807', '0']],
])('the numbers %p arrive as %s[]', async (values, type, expected) => {
  const { rows } = await client.query(`SELECT $1::${type}[] AS list`, [toParameter(values)])
  expect(rows[0].list).toEqual(expected)
})

it.each([
  [[], []],
  [
    ['a', 'NULL', '', 'a"b', 'a\\b', '{}', ' ', ','],
    ['a', 'NULL', '', 'a"b', 'a\\b', '{}', ' ', ','],
  ],
  [
    ['a', null, undefined],
    ['a', null, null],
  ],
  [
    [1, null],
    ['1', null],
  ],
])('the texts %p arrive as text[]', async (values, expected) => {
  const { rows } = await client.query('SELECT $1::text[] AS list', [toParameter(values)])
  expect(rows[0].list).toEqual(expected)
})

it('lists of bytes and of truths arrive', async () => {
  const bytes = [Buffer.from([0, 92, 34, 255]), Buffer.alloc(0)]
  const values = [toParameter(bytes), toParameter([true, false, null])]
  const { rows } = await client.query('SELECT $1::bytea[] AS bytes, $2::boolean[] AS truths', values)
  expect(rows[0]).toEqual({ bytes, truths: [true, false, null] })
})

it('a value is sent as its text, bytes as they are, and nothing as null', () => {
  const bytes = Buffer.from('x')
  expect(['text', 1.5, true, 10n, bytes, null, undefined].map(toParameter)).toEqual([
    ...['text', '1.5', 'true', '10', bytes, null, null],
  ])
})
