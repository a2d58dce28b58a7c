import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type ServerProcess, startProgram, startServerProcess } from '@stanchion/testing'
import { createClient, type StanchionClient } from '../src/index.ts'

const KEYS = fileURLToPath(new URL('../../../apps/server/src/keys.ts', import.meta.url))
const env = { STANCHION_AUTH: 'on', STANCHION_MASTER_KEY: randomBytes(32).toString('base64') }

let server: ServerProcess
let admin: StanchionClient

beforeAll(async () => {
  server = await startServerProcess(env)
  const keys = startProgram(process.execPath, [KEYS, 'create', '--role', 'admin'], {
    ...env,
    DATABASE_URL: server.databaseUrl,
  })
  const [, id = '', secret = ''] = await keys.untilOutput(/_KEY_ID=(.+)\nAWS_SECRET_ACCESS_KEY=(.+)\n/)
  admin = createClient({ baseUrl: server.url, accessKey: `${id}.${secret}` })
})

afterAll(() => server.stop())

describe('access keys', () => {
  it('let in who has one, for what its role allows', async () => {
    await admin.createQueue({ name: 'orders' })
    const accessKey = await admin.accessKeys.create({ role: 'producer', queuePattern: 'orders' })
    const producer = createClient({ baseUrl: server.url, accessKey }).queue('orders')
    expect(await producer.send({ body: 'x' })).toMatchObject({ messageId: expect.any(String) })
    await expect(producer.receive()).rejects.toMatchObject({ code: 'forbidden', status: 403 })
    const stranger = createClient({ baseUrl: server.url }).queue('orders')
    await expect(stranger.counts()).rejects.toMatchObject({ code: 'unauthenticated', status: 401 })
  })

  it('are listed, rotated and disabled', async () => {
    const { secret, ...key } = await admin.accessKeys.create({ role: 'reader', description: 'a test' })
    expect(secret).toEqual(expect.any(String))
    expect(await admin.accessKeys.list()).toContainEqual(key)
    const successor = await admin.accessKeys.rotate(key.id, 60)
    expect(successor).toMatchObject({ role: 'reader', secret: expect.any(String) })
    expect(await admin.accessKeys.disable(key.id)).toMatchObject({ id: key.id, disabledAt: expect.any(String) })
  })
})
