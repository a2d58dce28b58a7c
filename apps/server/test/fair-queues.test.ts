import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { RestClient } from './helpers/rest-client.ts'
import { callJson, callQuery } from './helpers/sqs-clients.ts'
import { startTestServer, type TestServer } from './helpers/start-test-server.ts'

let server: TestServer
let rest: RestClient

beforeAll(async () => {
  server = await startTestServer()
  rest = new RestClient(server)
})

afterAll(() => server.stop())

async function newQueue(): Promise<string> {
  const name = randomUUID()
  await rest.post('/v1/queues', { name })
  return name
}

const messagesOf = (groupId: string, count: number) =>
  Array.from({ length: count }, (_, i) => ({ body: `${groupId} ${i}`, groupId }))

describe('a group on a standard queue', () => {
  it('comes back over REST, where a message without one has no such member', async () => {
    const name = await newQueue()
    await rest.post(`/v1/queues/${name}/messages`, { body: 'plain' })
    expect((await rest.post(`/v1/queues/${name}/messages`, { body: 'x', groupId: 'tenant' })).status).toBe(201)
    const { messages } = (await rest.post(`/v1/queues/${name}/receive`, { maxMessages: 10 })).body
    expect(messages).toMatchObject([{ body: 'plain' }, { body: 'x', groupId: 'tenant' }])
    expect((messages as object[])[0]).not.toHaveProperty('groupId')
    expect((messages as object[])[1]).not.toHaveProperty('deduplicationId')
  })

  it.each(['', 'a b', 'x'.repeat(129)])(
    'is refused over REST when it is %j, and nothing is stored',
    async (groupId) => {
      const name = await newQueue()
      const { status, body } = await rest.post(`/v1/queues/${name}/messages`, { body: 'x', groupId })
      expect([status, body.field]).toEqual([400, 'groupId'])
      expect((await rest.post(`/v1/queues/${name}/receive`, {})).body.messages).toEqual([])
    },
  )

  it('is shown by SQS when it is asked for, and only then, over both protocols', async () => {
    const QueueUrl = await newQueue()
    const send = { QueueUrl, MessageBody: 'x', MessageGroupId: 'tenant' }
    await callJson(server, 'SendMessage', JSON.stringify(send))
    expect((await callQuery(server, { Action: 'SendMessage', ...send })).status).toBe(200)
    const receive = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }
    const plain = await callJson(server, 'ReceiveMessage', JSON.stringify(receive))
    expect(plain.text).not.toContain('tenant')
    const asked = await callJson(
      server,
      'ReceiveMessage',
      JSON.stringify({ ...receive, MessageSystemAttributeNames: ['MessageGroupId'] }),
    )
    expect(JSON.parse(asked.text).Messages).toMatchObject([
      { Attributes: { MessageGroupId: 'tenant' } },
      { Attributes: { MessageGroupId: 'tenant' } },
    ])
    const query = await callQuery(server, {
      Action: 'ReceiveMessage',
      QueueUrl,
      'AttributeName.1': 'All',
      MaxNumberOfMessages: '1',
    })
    expect(query.text).toContain('<Name>MessageGroupId</Name><Value>tenant</Value>')
  })

  it('lets a quiet tenant overtake a noisy one, whichever door they came through', async () => {
    const name = await newQueue()
    await rest.post(`/v1/queues/${name}/messages/batch`, { messages: messagesOf('noisy', 1_000) })
    await callJson(server, 'SendMessage', JSON.stringify({ QueueUrl: name, MessageBody: 'q', MessageGroupId: 'quiet' }))
    const { messages } = (await rest.post(`/v1/queues/${name}/receive`, { maxMessages: 30 })).body
    expect((messages as { body: string }[]).map(({ body }) => body)).toContain('q')
  })
})
