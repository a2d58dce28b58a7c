import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createTestDatabase, type Program, startProgram, type TestDatabase } from '@stanchion/testing'
import { cli } from './helpers/cli.ts'

const program = (name: string) => fileURLToPath(new URL(`../../server/src/${name}.ts`, import.meta.url))

let database: TestDatabase
let server: Program
let url: string
const keys: Record<string, string> = {}

beforeAll(async () => {
  database = await createTestDatabase()
  const env = {
    DATABASE_URL: database.url,
    STANCHION_MASTER_KEY: randomBytes(32).toString('base64'),
    STANCHION_AUTH: 'on',
    PORT: '0',
  }
  for (const role of ['admin', 'reader']) {
    const created = startProgram(process.execPath, [program('keys'), 'create', '--role', role], env)
    const [, id, secret] = await created.untilOutput(/ID=(\S+)\nAWS_SECRET_ACCESS_KEY=(\S+)/)
    keys[role] = `${id}.${secret}`
    await created.exited
  }
  server = startProgram(process.execPath, [program('main')], env)
  url = (await server.untilOutput(/listens on (\S+)/))[1] as string
})
afterAll(async () => {
  await server?.kill()
  await database?.drop()
})

test('the key comes from the environment or the command line', async () => {
  expect(
    await cli(['queue', 'create', 'q'], { url, env: { STANCHION_ACCESS_KEY: keys.admin as string } }),
  ).toMatchObject({
    code: 0,
  })
  expect(await cli(['queue', 'list', '--access-key', keys.reader as string], { url })).toMatchObject({ code: 0 })
})

test('without a key, and with one of too small a role, it says what to do, and nothing is done', async () => {
  expect(await cli(['queue', 'list'], { url })).toMatchObject({
    code: 1,
    err: expect.stringContaining('STANCHION_ACCESS_KEY'),
  })
  const { code, err } = await cli(['queue', 'create', 'mine', '--access-key', keys.reader as string], { url })
  expect(code).toBe(1)
  expect(err).toContain('role')
  expect(await cli(['queue', 'get', 'mine', '--access-key', keys.admin as string], { url })).toMatchObject({ code: 1 })
})
