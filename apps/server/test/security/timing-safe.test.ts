import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { AccessKeys, NewSecret } from '@stanchion/identity'
import type { TestServer } from '../helpers/start-test-server.ts'

/** What was compared, both sides as text. */
const compared: [string, string][] = []

const crypto = await import('node:crypto')
jest.unstable_mockModule('node:crypto', () => ({
  ...crypto,
  timingSafeEqual(a: Uint8Array, b: Uint8Array) {
    compared.push([Buffer.from(a).toString('latin1'), Buffer.from(b).toString('latin1')])
    return crypto.timingSafeEqual(a, b)
  },
}))
// Loaded now, so that the server compares with what is watched.
const { startTestServer } = await import('../helpers/start-test-server.ts')
const { RestClient } = await import('../helpers/rest-client.ts')
const { SignedCaller } = await import('../helpers/signed-caller.ts')
const { deleteMessage } = await import('@stanchion/sqs')

let server: TestServer
let owner: NewSecret

beforeAll(async () => {
  server = await startTestServer({ STANCHION_AUTH: 'on', STANCHION_MASTER_KEY: randomBytes(32).toString('base64') })
  owner = await (server.app.accessKeys as AccessKeys).create({ accountId: '111111111111', role: 'admin' })
})
afterAll(() => server.stop())
beforeEach(() => {
  compared.length = 0
})

describe('what proves something is compared in constant time', () => {
  it.each([
    ['right', 200],
    ['wrong', 401],
  ] as const)('G34 a %s bearer token', async (which, status) => {
    const given =
      which === 'right' ? owner.secret : `${owner.secret.slice(0, -1)}${owner.secret.endsWith('x') ? 'y' : 'x'}`
    const authorization = `Bearer ${owner.key.id}.${given}`
    const answer = await new RestClient(server).send('GET', '/v1/queues', undefined, { authorization })
    expect(answer.status).toBe(status)
    expect(compared).toEqual([[given, owner.secret]])
  })

  it.each([
    ['right', (owner_) => owner_, 400],
    ['wrong', (owner_: NewSecret) => ({ ...owner_, secret: 'x'.repeat(40) }), 403],
  ] as readonly [string, (secret: NewSecret) => NewSecret, number][])(
    'G34 a %s signature',
    async (_which, make, status) => {
      const QueueUrl = `${server.url}/111111111111/absent`
      const input = { QueueUrl, ReceiptHandle: 'A'.repeat(70) }
      const caller = new SignedCaller(server, make(owner))
      const request = await caller.sign('json', deleteMessage, input)
      expect((await caller.send(request)).status).toBe(status)
      const signature = /Signature=([0-9a-f]{64})/.exec(request.headers.authorization ?? '')?.[1] ?? ''
      expect(compared.map(([, given]) => Buffer.from(given, 'latin1').toString('hex'))).toContainEqual(
        expect.stringMatching(new RegExp(`^(${signature}|${Buffer.from(signature).toString('hex')})$`)),
      )
    },
  )

  it('G9 a receipt handle, altered or not', async () => {
    const key = { accountId: '111111111111', name: 'handles' }
    await server.engine.createQueue(key)
    await server.engine.sendMessages(key, [{ body: 'x' }])
    const [message] = await server.engine.receiveMessages(key, { maxMessages: 1 })
    const handle = message?.receiptHandle ?? ''
    const altered = `${handle[0] === 'A' ? 'B' : 'A'}${handle.slice(1)}`
    for (const given of [altered, handle.slice(0, 60) + handle.slice(0, 10), handle]) {
      compared.length = 0
      await server.engine.deleteMessages(key, [given])
      const signature = Buffer.from(given, 'base64url').subarray(40).toString('latin1')
      if (given !== altered) expect(compared.map(([, other]) => other)).toContain(signature)
    }
    expect(await server.engine.countMessages(key)).toMatchObject({ inFlight: 0 })
  })
})
