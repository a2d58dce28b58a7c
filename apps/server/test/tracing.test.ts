import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type ExportedSpan, type OtlpCollector, startOtlpCollector } from './helpers/otlp-collector.ts'
import { RestClient } from './helpers/rest-client.ts'
import { startTestServer, type TestServer } from './helpers/start-test-server.ts'

const TRACE_ID = '5759e988bd862e3fe1be46a994272793'
const SPAN_ID = '53995c3f42cd8ad8'
const TRACEPARENT = `00-${TRACE_ID}-${SPAN_ID}-01`
const XRAY = `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=${SPAN_ID};Sampled=1`
const SERVER_KIND = 2
const ERROR_STATUS = 2

let collector: OtlpCollector
let server: TestServer
let rest: RestClient
let sqs: SQSClient

beforeAll(async () => {
  collector = await startOtlpCollector()
  server = await startTestServer({
    STANCHION_TELEMETRY: 'on',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_SCHEDULE_DELAY: '20',
  })
  rest = new RestClient(server)
  sqs = new SQSClient({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  })
})

afterAll(async () => {
  sqs.destroy()
  await server.stop()
  collector.stop()
})

/** The span of the request that was answered with this id. */
async function spanOf(requestId: string | null | undefined): Promise<ExportedSpan> {
  const untilMs = Date.now() + 10_000
  while (Date.now() < untilMs) {
    const found = collector.spans.find((span) => span.attributes['stanchion.request_id'] === requestId)
    if (found !== undefined) return found
    await new Promise((resolve) => setImmediate(resolve))
  }
  throw new Error(`no span of the request ${requestId} was exported`)
}

const spanOfAnswer = ({ headers }: { readonly headers: Headers }) => spanOf(headers.get('x-request-id'))

describe('traces of REST', () => {
  it('a request has a server span below the one of its caller, in the words of the conventions', async () => {
    await rest.post('/v1/queues', { name: 'traced' })
    const sent = await rest.send('POST', '/v1/queues/traced/messages', { body: 'one' }, { traceparent: TRACEPARENT })
    const span = await spanOfAnswer(sent)
    expect(span).toMatchObject({
      name: 'POST /v1/queues/:queue/messages',
      kind: SERVER_KIND,
      traceId: TRACE_ID,
      parentSpanId: SPAN_ID,
      statusCode: 0,
      links: [],
    })
    expect(span.attributes).toMatchObject({
      'http.request.method': 'POST',
      'http.route': '/v1/queues/:queue/messages',
      'http.response.status_code': 201,
      'url.scheme': 'http',
      'server.address': '127.0.0.1',
      'messaging.system': 'stanchion',
      'messaging.operation.name': 'sendMessage',
      'messaging.operation.type': 'send',
      'messaging.destination.name': 'traced',
      'messaging.message.id': sent.body.messageId,
      'stanchion.account_id': '000000000000',
    })
    expect(span.attributes).not.toHaveProperty('messaging.batch.message_count')
    expect(span.resource['service.name']).toBe('stanchion')
  })

  it('a receive links to the spans that its messages were sent in, and its consumer reads them', async () => {
    await rest.post('/v1/queues', { name: 'linked' })
    await rest.send('POST', '/v1/queues/linked/messages', { body: 'by header' }, { traceparent: TRACEPARENT })
    const attributes = { traceparent: { type: 'string', value: TRACEPARENT.replace('539', '639') } }
    const batch = await rest.post('/v1/queues/linked/messages/batch', {
      messages: [{ body: 'by attribute', attributes }, { body: 'untraced' }],
    })
    const batchSpan = await spanOfAnswer(batch)
    expect(batchSpan.attributes).toMatchObject({ 'messaging.batch.message_count': 2 })
    // The request itself was in no trace.
    expect(batchSpan.links).toMatchObject([{ traceId: TRACE_ID, spanId: SPAN_ID.replace('539', '639') }])

    const received = await rest.post('/v1/queues/linked/receive', { maxMessages: 10, waitSeconds: 1 })
    const messages = received.body.messages as { messageId: string; body: string; traceHeader?: string }[]
    const byBody = (body: string) => messages.find((message) => message.body === body)
    expect(messages).toHaveLength(3)
    expect(byBody('by header')?.traceHeader).toBe(XRAY)
    expect(byBody('by attribute')).not.toHaveProperty('traceHeader')
    expect(byBody('untraced')).not.toHaveProperty('traceHeader')

    const span = await spanOfAnswer(received)
    expect(span.attributes).toMatchObject({
      'messaging.operation.type': 'receive',
      'messaging.destination.name': 'linked',
      'messaging.batch.message_count': 3,
    })
    const linked = Object.fromEntries(span.links.map((link) => [link.attributes['messaging.message.id'], link.spanId]))
    expect(linked).toEqual({
      [byBody('by header')?.messageId as string]: SPAN_ID,
      [byBody('by attribute')?.messageId as string]: SPAN_ID.replace('539', '639'),
    })
  })

  it('links of one receive are bounded', async () => {
    await rest.post('/v1/queues', { name: 'many' })
    const messages = Array.from({ length: 150 }, (_, index) => ({ body: `${index}` }))
    await rest.send('POST', '/v1/queues/many/messages/batch', { messages }, { traceparent: TRACEPARENT })
    const received = await rest.post('/v1/queues/many/receive', { maxMessages: 150 })
    const span = await spanOfAnswer(received)
    expect(span.attributes['messaging.batch.message_count']).toBe(150)
    expect(span.links).toHaveLength(100)
  })

  it('headers and attributes that are no trace change nothing', async () => {
    await rest.post('/v1/queues', { name: 'untraced' })
    const headers = { traceparent: '00-zz', 'x-amzn-trace-id': 'Root=;;=' }
    const sent = await rest.send('POST', '/v1/queues/untraced/messages', { body: 'x' }, headers)
    expect(sent.status).toBe(201)
    expect(await spanOfAnswer(sent)).toMatchObject({ parentSpanId: undefined, links: [] })
    const received = await rest.post('/v1/queues/untraced/receive', {})
    expect((received.body.messages as object[])[0]).not.toHaveProperty('traceHeader')
  })

  it('leases are settled without their handles in the trace, and an error of the caller is none of the server', async () => {
    await rest.post('/v1/queues', { name: 'settled' })
    await rest.post('/v1/queues/settled/messages', { body: 'secret body' })
    const received = await rest.post('/v1/queues/settled/receive', {})
    const [{ receiptHandle }] = received.body.messages as [{ receiptHandle: string }]
    const deleted = await spanOfAnswer(await rest.delete(`/v1/queues/settled/leases/${receiptHandle}`))
    expect(deleted.attributes).toMatchObject({
      'messaging.operation.type': 'settle',
      'messaging.batch.message_count': 1,
    })
    const missing = await spanOfAnswer(await rest.get('/v1/queues/missing'))
    expect(missing).toMatchObject({ statusCode: 0, events: [] })
    expect(missing.attributes).toMatchObject({
      'http.response.status_code': 404,
      'messaging.destination.name': 'missing',
    })
    const all = JSON.stringify(collector.spans)
    expect(all).not.toContain(receiptHandle)
    expect(all).not.toContain('secret body')
  })

  it('what goes wrong in the server stands in the span', async () => {
    const scope = server.app
    const failing = scope.engine.getQueue
    Object.assign(scope.engine, { getQueue: () => Promise.reject(new Error('it broke')) })
    const span = await spanOfAnswer(await rest.get('/v1/queues/traced'))
    Object.assign(scope.engine, { getQueue: failing })
    expect(span.statusCode).toBe(ERROR_STATUS)
    expect(span.attributes).toMatchObject({ 'http.response.status_code': 500, 'error.type': 'internalError' })
    expect(span.events).toMatchObject([{ name: 'exception', attributes: { 'exception.message': 'it broke' } }])
  })

  it('a client that goes away while it waits ends its span', async () => {
    await rest.post('/v1/queues', { name: 'left' })
    const gone = new AbortController()
    const waiting = fetch(`${server.url}/v1/queues/left/receive`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', traceparent: TRACEPARENT.replace('575', '111') },
      body: '{"waitSeconds":20}',
      signal: gone.signal,
    })
    while (server.engine.snapshot().waiters === 0) await new Promise((resolve) => setImmediate(resolve))
    gone.abort()
    await expect(waiting).rejects.toThrow()
    const isLeft = (span: ExportedSpan) => span.attributes['error.type'] === 'client_gone'
    const untilMs = Date.now() + 10_000
    while (!collector.spans.some(isLeft) && Date.now() < untilMs) await new Promise((resolve) => setImmediate(resolve))
    expect(collector.spans.find(isLeft)?.traceId).toBe(TRACE_ID.replace('575', '111'))
  })
})

describe('traces of SQS', () => {
  it('an AWS SDK sends and receives in one story, and sees nothing else than before', async () => {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'sdk' }))
    const sent = await sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: 'x-ray',
        MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: XRAY } },
      }),
    )
    const sendSpan = await spanOf(sent.$metadata.requestId)
    expect(sendSpan).toMatchObject({ name: 'SendMessage', kind: SERVER_KIND, links: [{ spanId: SPAN_ID }] })
    expect(sendSpan.attributes).toMatchObject({
      'http.route': '/',
      'messaging.system': 'aws_sqs',
      'messaging.operation.name': 'SendMessage',
      'messaging.destination.name': 'sdk',
      'messaging.message.id': sent.MessageId,
    })

    const value = { DataType: 'String', StringValue: TRACEPARENT }
    const Entries = [{ Id: 'a', MessageBody: 'w3c', MessageAttributes: { traceparent: value } }]
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }))

    const links: string[] = []
    const bodies: (string | undefined)[] = []
    while (bodies.length < 2) {
      const received = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          WaitTimeSeconds: 1,
          MessageSystemAttributeNames: ['All'],
          MessageAttributeNames: ['All'],
        }),
      )
      const span = await spanOf(received.$metadata.requestId)
      expect(span.attributes).toMatchObject({ 'messaging.operation.type': 'receive' })
      links.push(...span.links.map((link) => link.spanId))
      for (const message of received.Messages ?? []) {
        bodies.push(message.Body)
        expect(message.Attributes?.AWSTraceHeader).toBe(message.Body === 'x-ray' ? XRAY : undefined)
        expect(message.MessageAttributes).toEqual(message.Body === 'w3c' ? { traceparent: value } : undefined)
        const deleted = await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }))
        const settled = await spanOf(deleted.$metadata.requestId)
        expect(settled).toMatchObject({ name: 'DeleteMessage', attributes: { 'messaging.operation.type': 'settle' } })
      }
    }
    expect(bodies.sort()).toEqual(['w3c', 'x-ray'])
    expect(links).toEqual([SPAN_ID, SPAN_ID])
  })

  it('the header traceparent of an SQS request makes the span a child and touches no message', async () => {
    const response = await fetch(`${server.url}/`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        traceparent: TRACEPARENT,
      },
      body: new URLSearchParams({
        Action: 'SendMessage',
        QueueUrl: `${server.url}/000000000000/sdk`,
        MessageBody: 'query',
      }).toString(),
    })
    expect(response.status).toBe(200)
    expect(await spanOf(response.headers.get('x-amzn-requestid'))).toMatchObject({ parentSpanId: SPAN_ID })
    const QueueUrl = `${server.url}/000000000000/sdk`
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1, MessageSystemAttributeNames: ['All'] }),
    )
    expect(Messages?.[0]).toMatchObject({ Body: 'query' })
    expect(Messages?.[0]?.Attributes).not.toHaveProperty('AWSTraceHeader')
  })
})

describe('the export of traces', () => {
  it('a stop exports what there is, as protobuf where nothing else is said', async () => {
    const other = await startOtlpCollector()
    const node = await startTestServer({
      STANCHION_TELEMETRY: 'on',
      OTEL_EXPORTER_OTLP_ENDPOINT: other.url,
      OTEL_BSP_SCHEDULE_DELAY: '600000',
    })
    await fetch(`${node.url}/v1/queues`)
    expect(other.requests).toEqual([])
    await node.stop()
    other.stop()
    expect(other.requests).toMatchObject([{ path: '/v1/traces', contentType: 'application/x-protobuf' }])
    expect(other.requests[0]?.body.includes('GET /v1/queues')).toBe(true)
  })

  it('a caller that does not sample is not sampled here', async () => {
    const other = await startOtlpCollector()
    const node = await startTestServer({ STANCHION_TELEMETRY: 'on', OTEL_EXPORTER_OTLP_ENDPOINT: other.url })
    await fetch(`${node.url}/v1/queues`, { headers: { traceparent: TRACEPARENT.replace(/01$/, '00') } })
    await node.stop()
    other.stop()
    expect(other.requests).toEqual([])
  })

  it('a collector that refuses is told once, and neither requests nor the stop mind', async () => {
    const refusing = await startOtlpCollector(400)
    const node = await startTestServer({
      STANCHION_TELEMETRY: 'on',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${refusing.url}/own`,
      OTEL_BSP_SCHEDULE_DELAY: '1',
    })
    while (refusing.requests.length < 2) expect((await fetch(`${node.url}/v1/queues`)).status).toBe(200)
    await node.stop()
    refusing.stop()
    expect(refusing.requests[0]?.path).toBe('/own')
    expect(node.log.filter(({ msg }) => String(msg).startsWith('traces could not be exported'))).toHaveLength(1)
  })

  it('a collector that is not there does not hold up the stop', async () => {
    const node = await startTestServer({
      STANCHION_TELEMETRY: 'on',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
      OTEL_BSP_SCHEDULE_DELAY: '600000',
    })
    await fetch(`${node.url}/v1/queues`)
    const fromMs = Date.now()
    await node.stop()
    expect(Date.now() - fromMs).toBeLessThan(10_000)
  })

  it('where it is off a request has no span, and a message keeps the trace of its request all the same', async () => {
    const node = await startTestServer()
    const other = new RestClient(node)
    await other.post('/v1/queues', { name: 'off' })
    await other.send('POST', '/v1/queues/off/messages', { body: 'x' }, { traceparent: TRACEPARENT })
    const { body } = await other.post('/v1/queues/off/receive', {})
    await node.stop()
    expect(body.messages).toMatchObject([{ traceHeader: XRAY }])
  })
})
