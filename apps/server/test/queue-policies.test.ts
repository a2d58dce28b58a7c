import { randomBytes } from 'node:crypto'
import {
  AddPermissionCommand,
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  RemovePermissionCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  TagQueueCommand,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { AccessKeys, NewSecret } from '@stanchion/identity'
import { createEngine } from '@stanchion/queue'
import { RestClient } from './helpers/rest-client.ts'
import { startTestServer, type TestServer } from './helpers/start-test-server.ts'

const OWNER = '111111111111'
const FRIEND = '222222222222'
const STRANGER = '333333333333'

let server: TestServer
let rest: RestClient
let keys: AccessKeys
let owner: SQSClient
let friend: SQSClient
let stranger: SQSClient
let readerKey: NewSecret
let reader: SQSClient
const clients: SQSClient[] = []

beforeAll(async () => {
  server = await startTestServer({ STANCHION_AUTH: 'on', STANCHION_MASTER_KEY: randomBytes(32).toString('base64') })
  rest = new RestClient(server)
  keys = server.app.accessKeys as AccessKeys
  readerKey = await keys.create({ accountId: OWNER, role: 'reader' })
  reader = clientOf(readerKey)
  const admins = [OWNER, FRIEND, STRANGER].map((accountId) => keys.create({ accountId, role: 'admin' }))
  ;[owner, friend, stranger] = (await Promise.all(admins)).map(clientOf) as [SQSClient, SQSClient, SQSClient]
})
afterAll(async () => {
  for (const client of clients) client.destroy()
  await server.stop()
})

function clientOf({ key, secret }: NewSecret): SQSClient {
  const credentials = { accessKeyId: key.id, secretAccessKey: secret }
  const client = new SQSClient({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 })
  clients.push(client)
  return client
}

const arnOf = (name: string) => `arn:aws:sqs:us-east-1:${OWNER}:${name}`
const urlOf = (name: string) => `${server.url}/${OWNER}/${name}`

async function newQueue(name: string, ...statements: object[]): Promise<string> {
  const Statement = statements.map((statement) => ({
    Effect: 'Allow',
    Principal: '*',
    Resource: arnOf(name),
    ...statement,
  }))
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement })
  const Attributes = statements.length === 0 ? undefined : { Policy }
  await owner.send(new CreateQueueCommand({ QueueName: name, Attributes }))
  return urlOf(name)
}

const send = (QueueUrl: string) => new SendMessageCommand({ QueueUrl, MessageBody: 'x' })
const receive = (QueueUrl: string) => new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 0 })
const denied = (end: string) => ({ name: 'AccessDenied', message: expect.stringMatching(new RegExp(`${end}$`)) })
const missing = { name: 'QueueDoesNotExist', message: 'The specified queue does not exist.' }

describe('a queue policy between accounts', () => {
  it('lets in whom AddPermission names, for what it names, until RemovePermission', async () => {
    const QueueUrl = await newQueue('shared')
    const permission = { QueueUrl, Label: 'friend', AWSAccountIds: [FRIEND], Actions: ['SendMessage', 'GetQueueUrl'] }
    await owner.send(new AddPermissionCommand(permission))
    await friend.send(send(QueueUrl))
    const Entries = [{ Id: 'a', MessageBody: 'y' }]
    expect((await friend.send(new SendMessageBatchCommand({ QueueUrl, Entries }))).Successful).toHaveLength(1)
    const find = new GetQueueUrlCommand({ QueueName: 'shared', QueueOwnerAWSAccountId: OWNER })
    expect((await friend.send(find)).QueueUrl).toBe(QueueUrl)
    const end = 'because no resource-based policy allows the sqs:receivemessage action'
    await expect(friend.send(receive(QueueUrl))).rejects.toMatchObject(denied(end))
    await owner.send(new RemovePermissionCommand({ QueueUrl, Label: 'friend' }))
    await expect(friend.send(send(QueueUrl))).rejects.toMatchObject(missing)
    await expect(friend.send(find)).rejects.toMatchObject(missing)
  })

  it('is not enough without a permission of their own', async () => {
    const QueueUrl = await newQueue('needs-both', { Action: 'sqs:*' })
    const consumer = clientOf(await keys.create({ accountId: FRIEND, role: 'consumer' }))
    await consumer.send(receive(QueueUrl))
    const end = 'because no identity-based policy allows the sqs:sendmessage action'
    await expect(consumer.send(send(QueueUrl))).rejects.toMatchObject(denied(end))
    const patterned = clientOf(await keys.create({ accountId: FRIEND, role: 'admin', queuePattern: 'other-*' }))
    await expect(patterned.send(send(QueueUrl))).rejects.toMatchObject(denied(end))
  })

  it('cannot give what is the owner’s alone', async () => {
    const QueueUrl = await newQueue('owners', { Action: '*' })
    for (const [action, command] of [
      ['deletequeue', new DeleteQueueCommand({ QueueUrl })],
      ['setqueueattributes', new SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: '1' } })],
      ['tagqueue', new TagQueueCommand({ QueueUrl, Tags: { a: 'b' } })],
      ['addpermission', new AddPermissionCommand({ QueueUrl, Label: 'l', AWSAccountIds: [FRIEND], Actions: ['*'] })],
    ] as const) {
      const end = `because no resource-based policy allows the sqs:${action} action`
      await expect(friend.send(command as DeleteQueueCommand)).rejects.toMatchObject(denied(end))
    }
    await friend.send(new PurgeQueueCommand({ QueueUrl }))
  })

  it('G35 confirms no queue to those whom its policy does not name, not even by a denial', async () => {
    const without = await newQueue('secret')
    const named = await newQueue(
      'secret-named',
      { Action: '*', Principal: { AWS: FRIEND } },
      { Effect: 'Deny', Action: '*', Principal: '*' },
    )
    for (const url of [without, named, urlOf('absent')]) {
      const QueueName = url.split('/').at(-1)
      for (const command of [
        send(url),
        receive(url),
        new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
        new DeleteQueueCommand({ QueueUrl: url }),
        new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { Policy: '' } }),
        new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { DelaySeconds: 'x' } }),
        new SendMessageBatchCommand({ QueueUrl: url, Entries: [{ Id: 'a', MessageBody: '\u0000' }] }),
        new GetQueueUrlCommand({ QueueName, QueueOwnerAWSAccountId: OWNER }),
      ]) {
        await expect(stranger.send(command as SendMessageCommand)).rejects.toMatchObject(missing)
      }
    }
    for (const QueueName of ['a\u0000b', '../x', 'x'.repeat(81)]) {
      const input = { QueueName, QueueOwnerAWSAccountId: OWNER }
      await expect(stranger.send(new GetQueueUrlCommand(input))).rejects.toMatchObject(missing)
      await expect(owner.send(new GetQueueUrlCommand(input))).rejects.toMatchObject(missing)
      await expect(
        stranger.send(send(`${server.url}/${OWNER}/${encodeURIComponent(QueueName)}`)),
      ).rejects.toMatchObject(missing)
    }
    await expect(
      stranger.send(new GetQueueUrlCommand({ QueueName: 'secret', QueueOwnerAWSAccountId: '\u0000' })),
    ).rejects.toMatchObject(missing)
    const end = 'with an explicit deny in a resource-based policy'
    await expect(friend.send(send(named))).rejects.toMatchObject(denied(end))
    await expect(stranger.send(send(`${server.url}/1234/secret`))).rejects.toMatchObject(missing)
  })
})

describe('a queue policy in its own account', () => {
  it('allows what the key does not, and denies what it does', async () => {
    const QueueUrl = await newQueue('own', {
      Action: 'sqs:SendMessage',
      Principal: { AWS: `arn:aws:iam::${OWNER}:user/${readerKey.key.id}` },
    })
    await reader.send(send(QueueUrl))
    const end = 'because no identity-based policy allows the sqs:receivemessage action'
    await expect(reader.send(receive(QueueUrl))).rejects.toMatchObject(denied(end))
    await expect(reader.send(receive(urlOf('absent')))).rejects.toMatchObject(denied(end))
    const Statement = { Effect: 'Deny', Principal: '*', Action: 'sqs:Send*', Resource: '*' }
    const Policy = JSON.stringify({ Statement })
    await owner.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }))
    const deny = denied('with an explicit deny in a resource-based policy')
    await expect(owner.send(send(QueueUrl))).rejects.toMatchObject(deny)
    await owner.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: '' } }))
    await owner.send(send(QueueUrl))
    await expect(reader.send(send(QueueUrl))).rejects.toMatchObject({ name: 'AccessDenied' })
  })

  it('sees the address, the transport, the agent, the time and the tags of a request', async () => {
    const Condition = {
      IpAddress: { 'aws:SourceIp': '127.0.0.0/8' },
      Bool: { 'aws:SecureTransport': false },
      StringLike: { 'aws:UserAgent': 'aws-sdk-js/*' },
      DateGreaterThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' },
      NumericGreaterThan: { 'aws:EpochTime': 1_600_000_000 },
      StringEquals: { 'aws:ResourceTag/Team': 'a', 'aws:PrincipalAccount': OWNER, 'aws:username': readerKey.key.id },
      Null: { 'aws:SourceArn': true },
    }
    const QueueUrl = await newQueue('conditions', { Action: 'sqs:SendMessage', Condition })
    await expect(reader.send(send(QueueUrl))).rejects.toMatchObject({ name: 'AccessDenied' })
    await owner.send(new TagQueueCommand({ QueueUrl, Tags: { team: 'a' } }))
    await reader.send(send(QueueUrl))
    const deny = { Effect: 'Deny', Action: 'sqs:TagQueue', Condition: { StringEquals: { 'aws:RequestTag/team': 'b' } } }
    const tagged = await newQueue('tagged', deny)
    await owner.send(new TagQueueCommand({ QueueUrl: tagged, Tags: { team: 'a' } }))
    await expect(owner.send(new TagQueueCommand({ QueueUrl: tagged, Tags: { team: 'b' } }))).rejects.toMatchObject({
      name: 'AccessDenied',
    })
  })

  it('holds in REST, too', async () => {
    await newQueue('rest', { Action: 'sqs:SendMessage' }, { Effect: 'Deny', Action: 'sqs:ReceiveMessage' })
    const admin = await keys.create({ accountId: OWNER, role: 'admin' })
    const as = ({ key, secret }: NewSecret) => ({ authorization: `Bearer ${key.id}.${secret}` })
    const body = { body: 'x' }
    expect((await rest.send('POST', '/v1/queues/rest/messages', body, as(readerKey))).status).toBe(201)
    expect((await rest.send('POST', '/v1/queues/other/messages', body, as(readerKey))).status).toBe(403)
    expect((await rest.send('POST', '/v1/queues/rest/receive', {}, as(admin))).status).toBe(403)
    expect((await rest.send('POST', '/v1/queues/rest/receive', {}, as(readerKey))).status).toBe(403)
  })
})

describe('AddPermission', () => {
  it('G21 loses none of the permissions that are added at the same time', async () => {
    const QueueUrl = await newQueue('busy')
    const labels = Array.from({ length: 20 }, (_, i) => `l${i}`)
    const add = (Label: string) =>
      owner.send(new AddPermissionCommand({ QueueUrl, Label, AWSAccountIds: [FRIEND], Actions: ['SendMessage'] }))
    await Promise.all(labels.map(add))
    const { Attributes } = await owner.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Policy'] }))
    const sids = JSON.parse(Attributes?.Policy ?? '').Statement.map(({ Sid }: { Sid: string }) => Sid)
    expect(sids.sort()).toEqual(labels.sort())
    await expect(add('l20')).rejects.toMatchObject({ name: 'OverLimit' })
  })

  it('holds on a node that has an older copy of the queue: a grant at once, a denial after five seconds', async () => {
    const QueueUrl = await newQueue('two-nodes')
    await owner.send(send(QueueUrl))
    const other = await createEngine({ databaseUrl: server.databaseUrl, poolSizeMax: 2 })
    try {
      const Statement = { Effect: 'Allow', Principal: { AWS: FRIEND }, Action: 'sqs:*', Resource: '*' }
      const annotations = { Policy: JSON.stringify({ Statement }) }
      await other.updateQueue({ accountId: OWNER, name: 'two-nodes' }, { annotations })
      await friend.send(send(QueueUrl))
      expect(server.engine.knownQueue({ accountId: OWNER, name: 'two-nodes' }, 5_000)).toBeDefined()
      expect(server.engine.knownQueue({ accountId: OWNER, name: 'two-nodes' }, 0)).toBeUndefined()
    } finally {
      await other.close()
    }
  })
})

describe('a policy where nobody has to say who they are', () => {
  it('is stored and shown as it was sent, and stops nobody', async () => {
    const open = await startTestServer()
    const client = new SQSClient({
      endpoint: open.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'x', secretAccessKey: 'y' },
    })
    try {
      const Policy =
        '{ "Statement" : [ {"Effect":"Deny", "Principal":"*","Action":"sqs:*","Resource":"*"} ],\n"Id":"ä" }'
      const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: 'open', Attributes: { Policy } }))
      await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }))
      const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Policy'] }))
      expect(Attributes).toEqual({ Policy })
      const foreign = QueueUrl?.replace(/\d{12}/, FRIEND)
      await expect(client.send(receive(foreign ?? ''))).rejects.toMatchObject(missing)
    } finally {
      client.destroy()
      await open.stop()
    }
  })
})
