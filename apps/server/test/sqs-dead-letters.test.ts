import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { callJson, callQuery, element } from './helpers/sqs-clients.ts'
import { type SqsServer, startSqsServer } from './helpers/start-sqs-server.ts'

let server: SqsServer

beforeAll(async () => {
  server = await startSqsServer()
})

afterAll(() => server.stop())

async function call(action: string, input: object): Promise<Record<string, never>> {
  const { status, text } = await callJson(server, action, JSON.stringify(input))
  expect({ status, text }).toMatchObject({ status: 200 })
  return text === '' ? {} : JSON.parse(text)
}

async function newQueue(Attributes: object = {}): Promise<{ QueueName: string; QueueUrl: string; arn: string }> {
  const QueueName = randomUUID()
  const { QueueUrl } = await call('CreateQueue', { QueueName, Attributes })
  return { QueueName, QueueUrl: QueueUrl as unknown as string, arn: await attributeOf(QueueUrl as never, 'QueueArn') }
}

async function attributeOf(QueueUrl: string, name: string): Promise<string> {
  const { Attributes } = await call('GetQueueAttributes', { QueueUrl, AttributeNames: [name] })
  return (Attributes as Record<string, string> | undefined)?.[name] as string
}

const policy = (deadLetterTargetArn: string, maxReceiveCount = 1) =>
  JSON.stringify({ deadLetterTargetArn, maxReceiveCount })

describe('RedrivePolicy', () => {
  it('is refused by CreateQueue as by SetQueueAttributes, with its text, and no queue is made', async () => {
    const { arn, QueueUrl } = await newQueue()
    const RedrivePolicy = policy(`${arn}-absent`)
    const message = `Value ${RedrivePolicy} for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.`
    const QueueName = randomUUID()
    for (const [action, input] of [
      ['CreateQueue', { QueueName }],
      ['SetQueueAttributes', { QueueUrl }],
    ] as const) {
      const answer = await callJson(
        server,
        action,
        JSON.stringify({ ...input, Attributes: { RedrivePolicy, DelaySeconds: '3' } }),
      )
      expect(answer).toMatchObject({ status: 400, code: 'InvalidParameterValue', message })
    }
    expect((await callJson(server, 'GetQueueUrl', JSON.stringify({ QueueName }))).status).toBe(400)
    expect(await attributeOf(QueueUrl, 'DelaySeconds')).toBe('0')
  })

  it('that is wrong is reported only when the queue is there', async () => {
    const input = { QueueUrl: 'nowhere', Attributes: { RedrivePolicy: '{}' } }
    expect(await callJson(server, 'SetQueueAttributes', JSON.stringify(input))).toMatchObject({
      code: 'AWS.SimpleQueueService.NonExistentQueue',
    })
  })

  it('given empty to an existing queue that has one is another value', async () => {
    const target = await newQueue()
    const source = await newQueue({ RedrivePolicy: policy(target.arn) })
    const input = { QueueName: source.QueueName, Attributes: { RedrivePolicy: '' } }
    expect(await callJson(server, 'CreateQueue', JSON.stringify(input))).toMatchObject({
      code: 'QueueAlreadyExists',
      message: 'A queue already exists with the same name and a different value for attribute RedrivePolicy',
    })
    expect(
      (await callJson(server, 'CreateQueue', JSON.stringify({ ...input, QueueName: target.QueueName }))).status,
    ).toBe(200)
  })
})

describe('RedriveAllowPolicy', () => {
  it('allowAll is shown once it was said, and is what a queue that says nothing has', async () => {
    const silent = await newQueue()
    expect(await attributeOf(silent.QueueUrl, 'RedriveAllowPolicy')).toBeUndefined()
    const RedriveAllowPolicy = '{"redrivePermission":"allowAll"}'
    const again = { QueueName: silent.QueueName, Attributes: { RedriveAllowPolicy, SqsManagedSseEnabled: 'true' } }
    expect(await call('CreateQueue', again)).toEqual({ QueueUrl: silent.QueueUrl })
    await call('SetQueueAttributes', { QueueUrl: silent.QueueUrl, Attributes: { RedriveAllowPolicy } })
    expect(await attributeOf(silent.QueueUrl, 'RedriveAllowPolicy')).toBe(RedriveAllowPolicy)
    await call('SetQueueAttributes', { QueueUrl: silent.QueueUrl, Attributes: { RedriveAllowPolicy: '' } })
    expect(await attributeOf(silent.QueueUrl, 'RedriveAllowPolicy')).toBeUndefined()
    const denied = { ...again, Attributes: { RedriveAllowPolicy: '{"redrivePermission":"denyAll"}' } }
    expect(await callJson(server, 'CreateQueue', JSON.stringify(denied))).toMatchObject({ code: 'QueueAlreadyExists' })
  })

  it('byQueue comes back as it was given, keys in order, without spaces', async () => {
    const { arn } = await newQueue()
    const given = `{ "sourceQueueArns" : [ "${arn}" ], "redrivePermission": "byQueue" }`
    const { QueueUrl } = await newQueue({ RedriveAllowPolicy: given })
    expect(await attributeOf(QueueUrl, 'RedriveAllowPolicy')).toBe(
      `{"redrivePermission":"byQueue","sourceQueueArns":["${arn}"]}`,
    )
  })

  it('that forbids a source refuses it with the text of its policy', async () => {
    const { arn } = await newQueue({ RedriveAllowPolicy: '{"redrivePermission":"denyAll"}' })
    const { QueueUrl } = await newQueue()
    const input = { QueueUrl, Attributes: { RedrivePolicy: policy(arn) } }
    const { code, message } = await callJson(server, 'SetQueueAttributes', JSON.stringify(input))
    expect(code).toBe('InvalidParameterValue')
    expect(message?.startsWith(`Value ${policy(arn)} for parameter RedrivePolicy is invalid. Reason: `)).toBe(true)
  })
})

describe('ListDeadLetterSourceQueues', () => {
  it('answers queueUrls in JSON and QueueUrl elements in Query, and a token belongs to its queue', async () => {
    const target = await newQueue()
    const sources = [
      await newQueue({ RedrivePolicy: policy(target.arn) }),
      await newQueue({ RedrivePolicy: policy(target.arn) }),
    ]
    const urls = sources.map(({ QueueUrl }) => QueueUrl).sort()
    expect(await call('ListDeadLetterSourceQueues', { QueueUrl: target.QueueUrl })).toEqual({ queueUrls: urls })
    expect(await call('ListDeadLetterSourceQueues', { QueueUrl: target.QueueUrl, MaxResults: 0 })).toEqual({
      queueUrls: urls,
    })
    const form = { Action: 'ListDeadLetterSourceQueues', QueueUrl: target.QueueUrl, MaxResults: '1' }
    const { text } = await callQuery(server, form)
    expect(text).toContain('<ListDeadLetterSourceQueuesResult><QueueUrl>')
    expect(element(text, 'QueueUrl')).toBe(urls[0])
    const NextToken = element(text, 'NextToken') as string
    const rest = await callQuery(server, { ...form, NextToken })
    expect(element(rest.text, 'QueueUrl')).toBe(urls[1])
    expect(element(rest.text, 'NextToken')).toBeUndefined()
    const foreign = await callQuery(server, { ...form, QueueUrl: sources[0]?.QueueUrl as string, NextToken })
    expect(foreign).toMatchObject({ status: 400, code: 'InvalidParameterValue' })
    const absent = await callQuery(server, { ...form, QueueUrl: `${target.QueueUrl}-absent` })
    expect(absent.code).toBe('AWS.SimpleQueueService.NonExistentQueue')
  })
})
