import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createEngine } from '@stanchion/queue'
import { createTestDatabase } from '@stanchion/testing'
import pg from 'pg'
import { AccessKeys, type MasterKey, parseMasterKey } from '../src/index.ts'

const ACCOUNT = '111111111111'
const OTHER = '222222222222'

let database: Awaited<ReturnType<typeof createTestDatabase>>
let sql: pg.Client
let masterKey: MasterKey
let keys: AccessKeys
const open: AccessKeys[] = []

function node(key = masterKey): AccessKeys {
  const opened = new AccessKeys({ databaseUrl: database.url, masterKey: key })
  open.push(opened)
  return opened
}

beforeEach(async () => {
  database = await createTestDatabase()
  await (await createEngine({ databaseUrl: database.url })).close()
  masterKey = parseMasterKey(randomBytes(32).toString('hex')) as MasterKey
  sql = new pg.Client({ connectionString: database.url })
  await sql.connect()
  keys = node()
})
afterEach(async () => {
  for (const opened of open.splice(0)) await opened.close()
  await sql.end()
  await database.drop()
})

/** Moves the one clock ahead. */
async function advance(seconds: number): Promise<void> {
  await sql.query(
    `CREATE OR REPLACE FUNCTION stanchion.clock() RETURNS timestamptz LANGUAGE sql VOLATILE
     AS 'SELECT clock_timestamp() + interval ''${seconds} seconds'''`,
  )
}

describe('an access key', () => {
  it('is found with its secret on every node, and its token proves it', async () => {
    const { key, secret } = await keys.create({ accountId: ACCOUNT, role: 'producer', queuePattern: 'orders-*' })
    expect(key).toMatchObject({ accountId: ACCOUNT, role: 'producer', queuePattern: 'orders-*', lastUsedAt: undefined })
    expect(key.id).toMatch(/^SK[A-Z2-7]{18}$/)
    expect(secret).toMatch(/^[\w-]{40}$/)
    expect(await node().find(key.id)).toMatchObject({ key: { id: key.id }, secret })
    expect(await keys.findByToken(`${key.id}.${secret}`)).toMatchObject({ id: key.id })
  })

  it('G34 is not proved by anything else', async () => {
    const { key, secret } = await keys.create({ accountId: ACCOUNT, role: 'admin' })
    const other = await keys.create({ accountId: ACCOUNT, role: 'admin' })
    for (const token of [
      '',
      '.',
      key.id,
      `${key.id}.`,
      `${key.id}.${secret}x`,
      `${key.id}.${secret.slice(1)}`,
      `${key.id}.${other.secret}`,
      `${key.id.toLowerCase()}.${secret}`,
      `${key.id}\u0000.${secret}`,
      `.${secret}`,
    ]) {
      expect(await keys.findByToken(token)).toBeUndefined()
    }
    expect(await keys.find('SKAAAAAAAAAAAAAAAAAA')).toBeUndefined()
    expect(await keys.find("' OR 1=1 --")).toBeUndefined()
  })

  it('G37 has its secret in the database only sealed, and no other master key opens it', async () => {
    const { key, secret } = await keys.create({ accountId: ACCOUNT, role: 'admin' })
    const { rows } = await sql.query('SELECT sealed_secret, access_key::text AS whole FROM stanchion.access_key')
    expect(rows[0].sealed_secret.includes(secret)).toBe(false)
    expect(rows[0].whole).not.toContain(secret)
    const stranger = node(parseMasterKey(randomBytes(32).toString('hex')))
    await expect(stranger.find(key.id)).rejects.toMatchObject({ code: 'wrongMasterKey' })
  })

  it('is refused once it is disabled', async () => {
    const { key } = await keys.create({ accountId: ACCOUNT, role: 'admin' })
    await keys.find(key.id)
    const disabled = await keys.disable(ACCOUNT, key.id)
    expect(disabled.disabledAt).toBeInstanceOf(Date)
    expect(await keys.find(key.id)).toBeUndefined()
    expect(await node().find(key.id)).toBeUndefined()
    expect((await keys.disable(ACCOUNT, key.id)).disabledAt).toEqual(disabled.disabledAt)
  })

  it('is rotated with an overlap, after which only the successor works', async () => {
    const { key } = await keys.create({
      accountId: ACCOUNT,
      role: 'consumer',
      queuePattern: 'a*',
      description: 'worker',
    })
    const successor = await keys.rotate(ACCOUNT, key.id, 3_600)
    expect(successor.key).toMatchObject({ role: 'consumer', queuePattern: 'a*', description: 'worker' })
    expect(successor.key.id).not.toBe(key.id)
    expect(await node().find(key.id)).toBeDefined()
    expect(await node().find(successor.key.id)).toBeDefined()
    await advance(3_601)
    const later = node()
    expect(await later.find(key.id)).toBeUndefined()
    expect(await later.find(successor.key.id)).toBeDefined()
    await expect(keys.rotate(ACCOUNT, key.id, 0)).rejects.toMatchObject({ code: 'accessKeyNotFound' })
  })

  it('G35 is listed, disabled and rotated by its own account alone', async () => {
    const { key } = await keys.create({ accountId: ACCOUNT, role: 'admin' })
    expect((await keys.list(ACCOUNT)).map(({ id }) => id)).toEqual([key.id])
    expect(await keys.list(OTHER)).toEqual([])
    await expect(keys.disable(OTHER, key.id)).rejects.toMatchObject({ code: 'accessKeyNotFound' })
    await expect(keys.rotate(OTHER, key.id, 0)).rejects.toMatchObject({ code: 'accessKeyNotFound' })
    expect(await node().find(key.id)).toBeDefined()
  })

  it('remembers when it was last used', async () => {
    const { key } = await keys.create({ accountId: ACCOUNT, role: 'admin' })
    keys.used(key.id)
    await keys.writeUses()
    expect((await keys.list(ACCOUNT))[0]?.lastUsedAt).toBeInstanceOf(Date)
  })

  it.each([
    ['accountId', { accountId: '1', role: 'admin' }],
    ['role', { accountId: ACCOUNT, role: 'owner' }],
    ['queuePattern', { accountId: ACCOUNT, role: 'admin', queuePattern: 'a b' }],
    ['description', { accountId: ACCOUNT, role: 'admin', description: 'x'.repeat(257) }],
    ['description', { accountId: ACCOUNT, role: 'admin', description: 'a\u0000b' }],
  ])('is refused with a wrong %s, and nothing is stored', async (field, input) => {
    await expect(keys.create(input as never)).rejects.toMatchObject({ code: 'invalidAccessKey', field })
    expect(await keys.list(ACCOUNT)).toEqual([])
  })

  it.each([-1, 1.5, Number.NaN, 30 * 86_400 + 1])(
    'keeps its life when it is rotated with an overlap of %s',
    async (overlap) => {
      const { key } = await keys.create({ accountId: ACCOUNT, role: 'admin' })
      await expect(keys.rotate(ACCOUNT, key.id, overlap)).rejects.toMatchObject({ field: 'overlapSeconds' })
      expect((await keys.list(ACCOUNT)).map(({ expiresAt }) => expiresAt)).toEqual([undefined])
    },
  )
})
