import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { receive } from './helpers/filled-queue.ts'
import { RestClient } from './helpers/rest-client.ts'
import { startTestServer, type TestServer } from './helpers/start-test-server.ts'

let server: TestServer
let rest: RestClient
let sqs: SQSClient

beforeAll(async () => {
  server = await startTestServer()
  rest = new RestClient(server)
  const credentials = { accessKeyId: 'x', secretAccessKey: 'x' }
  sqs = new SQSClient({ endpoint: server.url, region: 'us-east-1', credentials })
})

afterAll(async () => {
  sqs.destroy()
  await server.stop()
})

describe('two doors on one port', () => {
  it('lead to the same queues and messages', async () => {
    const { QueueUrl } = await sqs.send(
      new CreateQueueCommand({ QueueName: 'shared', Attributes: { DelaySeconds: '0' } }),
    )
    expect(QueueUrl).toBe(`${server.url}/000000000000/shared`)
    const MessageAttributes = {
      count: { DataType: 'Number.int', StringValue: '7' },
      bytes: { DataType: 'Binary', BinaryValue: Uint8Array.of(0, 255) },
    }
    const sent = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'from SQS', MessageAttributes }))
    const [received] = await receive(rest, 'shared')
    expect(received).toMatchObject({
      messageId: sent.MessageId,
      body: 'from SQS',
      attributes: {
        count: { type: 'number', label: 'int', value: '7' },
        bytes: { type: 'binary', value: 'AP8=' },
      },
    })

    const attributes = { word: { type: 'string', value: 'ü' } }
    await rest.post('/v1/queues/shared/messages', { body: 'from REST', attributes })
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5, MessageAttributeNames: ['All'] }),
    )
    expect(Messages).toMatchObject([
      { Body: 'from REST', MessageAttributes: { word: { DataType: 'String', StringValue: 'ü' } } },
    ])
  })

  it('are measured apart', async () => {
    const text = await (await fetch(`${server.url}/metrics`)).text()
    for (const labels of [
      'door="sqs",operation="SendMessage",status="2xx"',
      'door="rest",operation="sendMessage",status="2xx"',
    ]) {
      expect(text).toContain(`stanchion_request_duration_seconds_count{${labels}} 1`)
    }
  })

  it('lead to the same groups, ids and sequence numbers of a FIFO queue', async () => {
    const QueueName = 'shared.fifo'
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes: { FifoQueue: 'true' } }))
    expect((await rest.get(`/v1/queues/${QueueName}`)).body).toMatchObject({ kind: 'fifo' })
    const sent = await sqs.send(
      new SendMessageCommand({ QueueUrl, MessageBody: 'one', MessageGroupId: 'g', MessageDeduplicationId: 'd-1' }),
    )
    const twice = { body: 'one', groupId: 'g', deduplicationId: 'd-1' }
    expect((await rest.post(`/v1/queues/${QueueName}/messages`, twice)).body).toEqual({
      messageId: sent.MessageId,
      sequenceNumber: sent.SequenceNumber,
      isDuplicate: true,
    })
    const next = { body: 'two', groupId: 'g', deduplicationId: 'd-2' }
    const { sequenceNumber } = (await rest.post(`/v1/queues/${QueueName}/messages`, next)).body
    const [first] = await receive(rest, QueueName)
    expect(first).toMatchObject({ body: 'one', groupId: 'g', deduplicationId: 'd-1' })
    const take = new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['All'], WaitTimeSeconds: 0 })
    expect((await sqs.send(take)).Messages).toBeUndefined()
    await rest.delete(`/v1/queues/${QueueName}/leases/${first?.receiptHandle}`)
    expect((await sqs.send(take)).Messages).toMatchObject([
      {
        Body: 'two',
        Attributes: { MessageGroupId: 'g', MessageDeduplicationId: 'd-2', SequenceNumber: sequenceNumber },
      },
    ])
  })

  it('answer in their own words at their own addresses', async () => {
    const json = await fetch(server.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'AmazonSQS.GetQueueUrl', 'content-type': 'application/x-amz-json-1.0' },
      body: '{"QueueName":"none"}',
    })
    expect(await json.json()).toMatchObject({ __type: 'com.amazonaws.sqs#QueueDoesNotExist' })
    const query = await fetch(`${server.url}/?Action=GetQueueUrl&QueueName=none`)
    expect(await query.text()).toContain('<Code>AWS.SimpleQueueService.NonExistentQueue</Code>')
    expect(await rest.get('/v1/queues/none')).toMatchObject({ status: 404, body: { code: 'queueNotFound' } })
  })
})
