import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { AccessKeys, NewSecret } from '@stanchion/identity'
import { getQueueUrl, listQueues, purgeQueue, sendMessage } from '@stanchion/sqs'
import { PROTOCOLS, SignedCaller, type WireRequest } from '../helpers/signed-caller.ts'
import { startTestServer, type TestServer } from '../helpers/start-test-server.ts'

const ACCOUNT = '111111111111'
const MINUTE_MS = 60_000

let server: TestServer
let keys: AccessKeys
let owner: NewSecret
let caller: SignedCaller
let queues = 0

beforeAll(async () => {
  server = await startTestServer({ STANCHION_AUTH: 'on', STANCHION_MASTER_KEY: randomBytes(32).toString('base64') })
  keys = server.app.accessKeys as AccessKeys
  owner = await keys.create({ accountId: ACCOUNT, role: 'admin' })
  caller = new SignedCaller(server, owner)
})
afterAll(() => server.stop())

/** A queue of its own, and how many messages it has. */
async function setup(fifo = false) {
  queues += 1
  const name = `replays-${queues}${fifo ? '.fifo' : ''}`
  const key = { accountId: ACCOUNT, name }
  await server.engine.createQueue({ ...key, ...(fifo ? { fifo: {} } : {}) })
  return {
    QueueUrl: `${server.url}/${ACCOUNT}/${name}`,
    count: async () => (await server.engine.countMessages(key)).visible,
  }
}

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * MINUTE_MS)

describe.each(PROTOCOLS)('a captured request over %s', (protocol) => {
  it('G34 is refused once its time has passed, and before it has come', async () => {
    const { QueueUrl, count } = await setup()
    const input = { QueueUrl, MessageBody: 'x' }
    for (const signedAt of [minutesAgo(16), minutesAgo(60), minutesAgo(-16)]) {
      const captured = await caller.sign(protocol, sendMessage, input, { signedAt })
      const { status, text } = await caller.send(captured)
      expect([status, text]).toEqual([403, expect.stringMatching(/SignatureDoesNotMatch|InvalidSignature/)])
    }
    expect(await count()).toBe(0)
    expect(
      (await caller.send(await caller.sign(protocol, sendMessage, input, { signedAt: minutesAgo(14) }))).status,
    ).toBe(200)
    expect(await count()).toBe(1)
  })

  it('G34 does nothing else than it was signed for: no other body, action, path, host or method', async () => {
    const { QueueUrl, count } = await setup()
    const { QueueUrl: other, count: countOther } = await setup()
    const captured = await caller.sign(protocol, sendMessage, { QueueUrl, MessageBody: 'mine' })
    const purge = await caller.sign(protocol, purgeQueue, { QueueUrl: other })
    const changed: WireRequest[] = [
      { ...captured, body: captured.body.replace('mine', 'ours') },
      { ...captured, body: captured.body.replaceAll('replays-', 'replayz-') },
      { ...captured, body: purge.body, headers: { ...captured.headers, ...targetOf(purge) } },
      { ...captured, headers: { ...captured.headers, ...targetOf(purge) }, body: purge.body },
      { ...captured, target: `/${ACCOUNT}/${other.split('/').at(-1)}` },
      { ...captured, target: '/?MessageBody=more' },
      { ...captured, headers: { ...captured.headers, 'x-amz-date': dateOf(minutesAgo(1)) } },
      { ...captured, headers: { ...captured.headers, 'content-type': `${captured.headers['content-type']};x` } },
      { ...captured, headers: { ...captured.headers, 'x-amz-target': 'AmazonSQS.PurgeQueue' } },
    ]
    for (const request of changed) {
      const { status, text } = await caller.send(request)
      expect([status, text]).toEqual([
        403,
        expect.stringMatching(/SignatureDoesNotMatch|InvalidSignature|AccessDenied/),
      ])
    }
    expect([await count(), await countOther()]).toEqual([0, 0])
    expect((await caller.send(captured)).status).toBe(200)
  })

  it('G34 is refused once its key is disabled', async () => {
    const { QueueUrl, count } = await setup()
    const short = await keys.create({ accountId: ACCOUNT, role: 'producer' })
    const user = new SignedCaller(server, short)
    const captured = await user.sign(protocol, sendMessage, { QueueUrl, MessageBody: 'x' })
    expect((await user.send(captured)).status).toBe(200)
    await keys.disable(ACCOUNT, short.key.id)
    const { status, text } = await user.send(captured)
    expect([status, text]).toEqual([403, expect.stringMatching(/UnrecognizedClient|InvalidClientTokenId/)])
    expect(await count()).toBe(1)
  })

  it('G15 stores once what names a deduplication id, however often it is replayed inside its time', async () => {
    const { QueueUrl, count } = await setup(true)
    const input = { QueueUrl, MessageBody: 'x', MessageGroupId: 'g', MessageDeduplicationId: 'd' }
    const captured = await caller.sign(protocol, sendMessage, input)
    const answers = await Promise.all(Array.from({ length: 5 }, () => caller.send(captured)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(await count()).toBe(1)
  })

  it('is done again inside its time on a standard queue, which is why the network needs TLS', async () => {
    const { QueueUrl, count } = await setup()
    const captured = await caller.sign(protocol, sendMessage, { QueueUrl, MessageBody: 'x' })
    await caller.send(captured)
    await caller.send(captured)
    expect(await count()).toBe(2)
  })
})

describe('a presigned address', () => {
  it('G34 works until its own time has passed, for what it says and nothing else', async () => {
    const { QueueUrl, count } = await setup()
    const input = { QueueUrl, MessageBody: 'x' }
    const signed = await caller.presign(sendMessage, input, 60)
    expect((await caller.send(signed)).status).toBe(200)
    const late = await caller.presign(sendMessage, input, 60, minutesAgo(2))
    const changed = [
      late,
      { ...signed, target: signed.target.replace('MessageBody=x', 'MessageBody=y') },
      { ...signed, target: signed.target.replace('Action=SendMessage', 'Action=PurgeQueue') },
      { ...signed, target: signed.target.replace('X-Amz-Expires=60', 'X-Amz-Expires=6000') },
      { ...signed, target: `${signed.target}&DelaySeconds=1` },
    ]
    for (const request of changed) {
      const { status, text } = await caller.send(request)
      expect([status, text]).toEqual(
        request === late
          ? [400, expect.stringContaining('RequestExpired')]
          : [403, expect.stringMatching(/SignatureDoesNotMatch|AccessDenied/)],
      )
    }
    expect(await count()).toBe(1)
  })
})

describe('a request whose signature is wrong', () => {
  it.each(PROTOCOLS)(
    'G34 is told nothing over %s: neither whether a queue is there nor what else is wrong',
    async (protocol) => {
      const { QueueUrl } = await setup()
      const name = QueueUrl.split('/').at(-1)
      const liar = new SignedCaller(server, { ...owner, secret: 'x'.repeat(40) })
      const answers: { status: number; text: string }[] = []
      for (const [action, input] of [
        [getQueueUrl, { QueueName: name }],
        [getQueueUrl, { QueueName: 'absent' }],
        [sendMessage, { QueueUrl, MessageBody: 'x' }],
        [sendMessage, { QueueUrl, MessageBody: '' }],
        [listQueues, {}],
      ] as const) {
        const { status, text } = await liar.call(protocol, action, input)
        answers.push({ status, text: text.replaceAll(/[0-9a-f-]{36}/g, '<id>') })
      }
      expect(answers[0]).toMatchObject({
        status: 403,
        text: expect.stringMatching(/SignatureDoesNotMatch|InvalidSignature/),
      })
      expect(answers).toEqual(answers.map(() => answers[0]))
    },
  )
})

function targetOf({ headers }: WireRequest): Record<string, string> {
  const target = headers['x-amz-target']
  return target === undefined ? {} : { 'x-amz-target': target }
}

const dateOf = (date: Date) => date.toISOString().replaceAll(/[-:]|\.\d+/g, '')
