import { randomBytes } from 'node:crypto'
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type { AccessKeys, NewAccessKey, NewSecret } from '@stanchion/identity'
import { OPERATIONS } from '../src/sqs/operations.ts'
import { PERMISSIONS } from '../src/sqs/permissions.ts'
import { RestClient } from './helpers/rest-client.ts'
import { startTestServer, type TestServer } from './helpers/start-test-server.ts'

const ACCOUNT = '111111111111'
const OTHER_ACCOUNT = '222222222222'

let server: TestServer
let rest: RestClient
let keys: AccessKeys
const clients: SQSClient[] = []

beforeAll(async () => {
  server = await startTestServer({ STANCHION_AUTH: 'on', STANCHION_MASTER_KEY: randomBytes(32).toString('base64') })
  rest = new RestClient(server)
  keys = server.app.accessKeys as AccessKeys
})
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy()
})
afterAll(() => server.stop())

const newKey = (input: Partial<NewAccessKey> = {}) => keys.create({ accountId: ACCOUNT, role: 'admin', ...input })

function clientOf({ key, secret }: NewSecret): SQSClient {
  const client = new SQSClient({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: key.id, secretAccessKey: secret },
    maxAttempts: 1,
  })
  clients.push(client)
  return client
}

const bearer = ({ key, secret }: NewSecret) => ({ authorization: `Bearer ${key.id}.${secret}` })

async function newQueue(name: string, owner?: NewSecret): Promise<string> {
  const { QueueUrl = '' } = await clientOf(owner ?? (await newKey())).send(new CreateQueueCommand({ QueueName: name }))
  return QueueUrl
}

describe('an AWS SDK with an access key', () => {
  it('goes through the whole life of a message', async () => {
    const owner = await newKey()
    const client = clientOf(owner)
    const QueueUrl = await newQueue('signed', owner)
    expect(QueueUrl).toBe(`${server.url}/${ACCOUNT}/signed`)
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'ä & 🎉' }))
    const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl }))
    expect(Messages[0]?.Body).toBe('ä & 🎉')
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages[0]?.ReceiptHandle }))
    await keys.writeUses()
    expect((await keys.list(ACCOUNT)).find(({ id }) => id === owner.key.id)?.lastUsedAt).toBeInstanceOf(Date)
  })

  it('G34 is refused with a wrong secret, an unknown id or a disabled key, and nothing happens', async () => {
    const owner = await newKey()
    const QueueUrl = await newQueue('refused', owner)
    const disabled = await newKey()
    await keys.disable(ACCOUNT, disabled.key.id)
    const send = new SendMessageCommand({ QueueUrl, MessageBody: 'x' })
    await expect(clientOf({ ...owner, secret: 'wrong' }).send(send)).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
      $metadata: { httpStatusCode: 403 },
    })
    const unknown = { ...owner, key: { ...owner.key, id: 'SKAAAAAAAAAAAAAAAAAA' } }
    for (const credentials of [unknown, disabled]) {
      await expect(clientOf(credentials).send(send)).rejects.toMatchObject({ name: 'InvalidClientTokenId' })
    }
    const { body } = await rest.send('GET', '/v1/queues/refused/counts', undefined, bearer(owner))
    expect(body).toMatchObject({ visible: 0 })
  })

  it('G34 is refused without a signature, in the words of both protocols', async () => {
    const json = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.ListQueues' },
      body: '{}',
    })
    expect(json.status).toBe(403)
    expect(json.headers.get('x-amzn-query-error')).toBe('AccessDenied;Sender')
    const query = await fetch(`${server.url}/?Action=ListQueues`)
    expect([query.status, await query.text()]).toEqual([403, expect.stringContaining('<Code>AccessDenied</Code>')])
  })

  it('may do what its role allows and nothing else', async () => {
    const QueueUrl = await newQueue('roles')
    const producer = clientOf(await newKey({ role: 'producer' }))
    const consumer = clientOf(await newKey({ role: 'consumer' }))
    const reader = clientOf(await newKey({ role: 'reader' }))
    await producer.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a' }))
    const Entries = [{ Id: '1', MessageBody: 'b' }]
    await producer.send(new SendMessageBatchCommand({ QueueUrl, Entries }))
    await reader.send(new GetQueueAttributesCommand({ QueueUrl }))
    await reader.send(new ListQueuesCommand({}))
    for (const refused of [
      producer.send(new ReceiveMessageCommand({ QueueUrl })),
      producer.send(new ListQueuesCommand({})),
      consumer.send(new SendMessageCommand({ QueueUrl, MessageBody: 'c' })),
      consumer.send(new PurgeQueueCommand({ QueueUrl })),
      reader.send(new ReceiveMessageCommand({ QueueUrl })),
      reader.send(new CreateQueueCommand({ QueueName: 'by-reader' })),
    ]) {
      await expect(refused).rejects.toMatchObject({
        name: 'AccessDenied',
        $metadata: { httpStatusCode: 403 },
      })
    }
    await expect(consumer.send(new SendMessageBatchCommand({ QueueUrl, Entries }))).rejects.toThrow(
      new RegExp(
        `^User: arn:aws:iam::${ACCOUNT}:user/SK\\w+ is not authorized to perform: sqs:sendmessage on resource: ` +
          `arn:aws:sqs:us-east-1:${ACCOUNT}:roles because no identity-based policy allows the sqs:sendmessage action$`,
      ),
    )
    const { Messages = [] } = await consumer.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }))
    expect(Messages.map(({ Body }) => Body).sort()).toEqual(['a', 'b'])
  })

  it('G35 reaches the queues of its pattern alone, whether the others exist or not', async () => {
    const QueueUrl = await newQueue('orders-eu')
    await newQueue('payments')
    const client = clientOf(await newKey({ queuePattern: 'orders-*' }))
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a' }))
    for (const QueueName of ['payments', 'absent']) {
      await expect(client.send(new GetQueueUrlCommand({ QueueName }))).rejects.toMatchObject({
        name: 'AccessDenied',
      })
    }
  })

  it('G35 sees nothing of another account: a queue of the same name is another one', async () => {
    const mine = await newKey()
    const theirs = await newKey({ accountId: OTHER_ACCOUNT })
    const myUrl = await newQueue('shared-name', mine)
    const theirUrl = await newQueue('shared-name', theirs)
    expect(theirUrl).toBe(`${server.url}/${OTHER_ACCOUNT}/shared-name`)
    await clientOf(mine).send(new SendMessageCommand({ QueueUrl: myUrl, MessageBody: 'mine' }))
    const { Messages } = await clientOf(theirs).send(new ReceiveMessageCommand({ QueueUrl: theirUrl }))
    expect(Messages).toBeUndefined()
    await expect(clientOf(theirs).send(new ReceiveMessageCommand({ QueueUrl: myUrl }))).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    })
    const { QueueUrls } = await clientOf(theirs).send(new ListQueuesCommand({}))
    expect(QueueUrls).toEqual([theirUrl])
  })

  it('every action asks for a permission', () => {
    expect(Object.keys(PERMISSIONS).sort()).toEqual(OPERATIONS.map(({ action }) => action.name).sort())
  })
})

describe('REST with an access key', () => {
  it('G34 answers 401 without one, and to tokens that prove none', async () => {
    const { key, secret } = await newKey()
    const tokens = ['', 'Bearer', `Bearer ${key.id}`, `Bearer ${key.id}.x${secret}`, `Basic ${key.id}.${secret}`]
    for (const authorization of tokens) {
      const answer = await rest.send(
        'POST',
        '/v1/queues',
        { name: 'by-nobody' },
        authorization === '' ? {} : { authorization },
      )
      expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
      expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    }
    const { body } = await rest.send('GET', '/v1/queues?prefix=by-nobody', undefined, bearer(await newKey()))
    expect(body).toEqual({ queues: [] })
  })

  it('answers 403 to what the role or the pattern does not allow', async () => {
    await newQueue('rest-roles')
    const producer = bearer(await newKey({ role: 'producer', queuePattern: 'rest-*' }))
    expect(await rest.send('POST', '/v1/queues/rest-roles/messages', { body: 'a' }, producer)).toMatchObject({
      status: 201,
    })
    for (const [method, path, body] of [
      ['POST', '/v1/queues/rest-roles/receive', {}],
      ['POST', '/v1/queues/other/messages', { body: 'a' }],
      ['POST', '/v1/queues', { name: 'rest-new' }],
      ['GET', '/v1/queues', undefined],
      ['GET', '/v1/access-keys', undefined],
    ] as const) {
      expect(await rest.send(method, path, body, producer)).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    }
  })

  it('creates, lists, rotates and disables keys, and shows a secret once', async () => {
    const admin = bearer(await newKey({ accountId: '333333333333' }))
    const created = await rest.send(
      'POST',
      '/v1/access-keys',
      { role: 'consumer', queuePattern: 'a-*', description: 'worker' },
      admin,
    )
    expect(created).toMatchObject({
      status: 201,
      body: { role: 'consumer', queuePattern: 'a-*', description: 'worker' },
    })
    const { id, secret } = created.body as { id: string; secret: string }
    const rotated = await rest.send('POST', `/v1/access-keys/${id}/rotate`, { overlapSeconds: 60 }, admin)
    expect(rotated).toMatchObject({ status: 201, body: { role: 'consumer', queuePattern: 'a-*' } })
    expect(await rest.send('POST', `/v1/access-keys/${id}/disable`, undefined, admin)).toMatchObject({
      status: 200,
      body: { id, disabledAt: expect.any(String), expiresAt: expect.any(String) },
    })
    const list = await rest.send('GET', '/v1/access-keys', undefined, admin)
    expect((list.body.accessKeys as { id: string }[]).map((key) => key.id).sort()).toEqual(
      [id, rotated.body.id, admin.authorization.slice('Bearer '.length).split('.')[0]].sort(),
    )
    expect(JSON.stringify(list.body)).not.toContain(secret)
    expect(JSON.stringify(server.log)).not.toContain(secret)
    for (const path of ['/v1/access-keys/SKAAAAAAAAAAAAAAAAAA/disable', '/v1/access-keys/%00/disable']) {
      expect(await rest.send('POST', path, undefined, admin)).toMatchObject({
        status: 404,
        body: { code: 'accessKeyNotFound' },
      })
    }
    expect(await rest.send('POST', '/v1/access-keys', { role: 'admin', queuePattern: 'a b' }, admin)).toMatchObject({
      status: 400,
      body: { code: 'invalidAccessKey', field: 'queuePattern' },
    })
  })
})

describe('the pages of a server that asks for keys', () => {
  it("G35 shows whether it lives to everybody, and metrics to those who may list queues in the server's own account", async () => {
    expect((await fetch(`${server.url}/livez`)).status).toBe(200)
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
    expect((await fetch(`${server.url}/metrics`)).status).toBe(401)
    const status = async (input: Partial<NewAccessKey>) =>
      (await fetch(`${server.url}/metrics`, { headers: bearer(await newKey(input)) })).status
    const own = '000000000000'
    expect(await status({ accountId: own, role: 'producer' })).toBe(403)
    expect(await status({ accountId: own, role: 'reader' })).toBe(200)
    expect(await status({ accountId: OTHER_ACCOUNT, role: 'admin' })).toBe(403)
  })
})

describe('a server without a master key', () => {
  it('says that it keeps no access keys', async () => {
    const open = await startTestServer()
    expect(await new RestClient(open).get('/v1/access-keys')).toMatchObject({
      status: 409,
      body: { code: 'accessKeysOff' },
    })
    await open.stop()
  })
})
