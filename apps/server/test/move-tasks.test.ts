import { randomBytes } from 'node:crypto'
import {
  CancelMessageMoveTaskCommand,
  ListMessageMoveTasksCommand,
  SetQueueAttributesCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { AccessKeys, NewAccessKey, NewSecret } from '@stanchion/identity'
import { RestClient } from './helpers/rest-client.ts'
import { startTestServer, type TestServer } from './helpers/start-test-server.ts'

const ACCOUNT = '111111111111'

let server: TestServer
let rest: RestClient
let keys: AccessKeys
let admin: NewSecret
const clients: SQSClient[] = []

beforeAll(async () => {
  server = await startTestServer({ STANCHION_AUTH: 'on', STANCHION_MASTER_KEY: randomBytes(32).toString('base64') })
  rest = new RestClient(server)
  keys = server.app.accessKeys as AccessKeys
  admin = await newKey()
})
afterAll(async () => {
  for (const client of clients) client.destroy()
  await server.stop()
})

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
const arn = (name: string, accountId = ACCOUNT) => `arn:aws:sqs:us-east-1:${accountId}:${name}`

/** A dead-letter queue with messages, the queue that names it, and one more. */
async function newQueues(name: string, messages = 3) {
  const { engine } = server.app
  const names = { dead: `${name}-dead`, source: `${name}-source`, other: `${name}-other` }
  const key = (queue: string) => ({ accountId: ACCOUNT, name: queue })
  await engine.createQueue(key(names.dead))
  await engine.createQueue(key(names.other))
  await engine.createQueue({ ...key(names.source), deadLetter: { queueName: names.dead, receiveCountMax: 1 } })
  for (let i = 0; i < messages; i++) await engine.sendMessages(key(names.dead), [{ body: `m${i}` }])
  return { ...names, count: async (queue: string) => (await engine.countMessages(key(queue))).visible }
}

/** Asks until the newest task of the queue has ended. */
async function endedTask(queue: string) {
  for (;;) {
    const { body } = await rest.send('GET', `/v1/queues/${queue}/move-tasks?limit=1`, undefined, bearer(admin))
    const [task] = body.moveTasks as { id: string; status: string }[]
    if (task?.status !== 'running') return task
  }
}

const start = (queue: string, body: unknown, key = admin) =>
  rest.send('POST', `/v1/queues/${queue}/move-tasks`, body, bearer(key))

describe('move tasks over REST', () => {
  it('are started, listed, read and ended', async () => {
    const { dead, other, count } = await newQueues('rest')
    const started = await start(dead, { destination: other, messagesPerSecondMax: 500 })
    expect(started).toMatchObject({
      status: 201,
      body: { source: dead, destination: other, messagesPerSecondMax: 500, messagesToMove: 3, status: 'running' },
    })
    const task = await endedTask(dead)
    expect(task).toMatchObject({ id: started.body.id, status: 'completed', messagesMoved: 3 })
    expect([await count(dead), await count(other)]).toEqual([0, 3])
    const address = `/v1/queues/${dead}/move-tasks/${started.body.id}`
    expect(await rest.send('GET', address, undefined, bearer(admin))).toMatchObject({
      status: 200,
      body: task as object,
    })
    expect(await rest.send('POST', `${address}/cancel`, undefined, bearer(admin))).toMatchObject({
      status: 409,
      body: { code: 'moveTaskEnded' },
    })
  })

  it('are cancelled, and one runs at a time', async () => {
    const { dead, other, count } = await newQueues('rest-cancel')
    const { body } = await start(dead, { destination: other, messagesPerSecondMax: 1 })
    expect(await start(dead, { destination: other })).toMatchObject({ status: 409, body: { code: 'moveTaskRunning' } })
    const cancelled = await rest.send(
      'POST',
      `/v1/queues/${dead}/move-tasks/${body.id}/cancel`,
      undefined,
      bearer(admin),
    )
    expect(cancelled).toMatchObject({ status: 200, body: { id: body.id, status: 'cancelled' } })
    expect(await count(other)).toBe(cancelled.body.messagesMoved)
  })

  it.each<[string, unknown, number, string]>([
    ['form-dead', { messagesPerSecondMax: 0 }, 400, 'invalidArgument'],
    ['form-dead', { messagesPerSecondMax: 501 }, 400, 'invalidArgument'],
    ['form-dead', { messagesPerSecondMax: '5' }, 400, 'invalidRequest'],
    ['form-dead', { messagesPerSecondMax: null }, 400, 'invalidRequest'],
    ['form-dead', { destination: '' }, 400, 'destinationNotFound'],
    ['form-dead', { destination: 'a b' }, 400, 'destinationNotFound'],
    ['form-dead', { rate: 5 }, 400, 'invalidRequest'],
    ['form-dead', [], 400, 'invalidRequest'],
    ['form-dead', undefined, 400, 'invalidRequest'],
    ['form-dead', { destination: 'form-dead' }, 400, 'destinationIsSource'],
    ['form-dead', { destination: 'form-absent' }, 400, 'destinationNotFound'],
    ['form-dead', { destination: 'form.fifo' }, 400, 'destinationKindDiffers'],
    ['form-other', {}, 409, 'notDeadLetterQueue'],
    ['form-absent', {}, 404, 'queueNotFound'],
  ])('of the queue %s with %j are refused', async (queue, body, status, code) => {
    const { engine } = server.app
    await newQueues('form', 0)
    await engine.createQueue({ accountId: ACCOUNT, name: 'form.fifo', fifo: {} })
    expect(await start(queue, body)).toMatchObject({ status, body: { code } })
    expect(await engine.listMoveTasks({ accountId: ACCOUNT, name: 'form-dead' }, 10)).toEqual([])
  })

  it('are not found under another queue or another id', async () => {
    const { dead, other } = await newQueues('rest-absent', 0)
    const { body } = await start(dead, {})
    for (const path of [`${other}/move-tasks/${body.id}`, `${dead}/move-tasks/1`, `${dead}/move-tasks/%27`]) {
      expect(await rest.send('GET', `/v1/queues/${path}`, undefined, bearer(admin))).toMatchObject({
        status: 404,
        body: { code: 'moveTaskNotFound' },
      })
    }
    for (const limit of ['0', '11', 'x', '1.5']) {
      const list = await rest.send('GET', `/v1/queues/${dead}/move-tasks?limit=${limit}`, undefined, bearer(admin))
      expect(list).toMatchObject({ status: 400 })
    }
  })
})

describe('move tasks over SQS', () => {
  it('are those of REST', async () => {
    const sqs = clientOf(admin)
    const { dead, other } = await newQueues('sqs')
    const SourceArn = arn(dead)
    const { TaskHandle } = await sqs.send(
      new StartMessageMoveTaskCommand({ SourceArn, DestinationArn: arn(other), MaxNumberOfMessagesPerSecond: 1 }),
    )
    const { Results } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn }))
    expect(Results).toEqual([
      {
        TaskHandle,
        Status: 'RUNNING',
        SourceArn,
        DestinationArn: arn(other),
        MaxNumberOfMessagesPerSecond: 1,
        ApproximateNumberOfMessagesMoved: expect.any(Number),
        ApproximateNumberOfMessagesToMove: 3,
        StartedTimestamp: expect.any(Number),
      },
    ])
    const cancelled = await sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }))
    expect(cancelled.ApproximateNumberOfMessagesMoved).toBeLessThan(3)
    expect(await endedTask(dead)).toMatchObject({ status: 'cancelled' })
    const [ended] = (await sqs.send(new ListMessageMoveTasksCommand({ SourceArn, MaxResults: 10 }))).Results ?? []
    expect(ended).toMatchObject({ Status: 'CANCELLED' })
    expect(ended).not.toHaveProperty('TaskHandle')
    expect(ended).not.toHaveProperty('FailureReason')
  })

  it('say why they failed', async () => {
    const sqs = clientOf(admin)
    const { dead } = await newQueues('sqs-failed')
    const SourceArn = arn(dead)
    // Sent there directly, so nobody knows where they came from.
    await sqs.send(new StartMessageMoveTaskCommand({ SourceArn }))
    await endedTask(dead)
    const { Results } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn }))
    expect(Results).toMatchObject([
      { Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource', ApproximateNumberOfMessagesMoved: 0 },
    ])
  })
})

describe('who may move', () => {
  const denied = { name: 'AccessDenied' }

  it('G35 another account finds neither queue nor task', async () => {
    const stranger = await newKey({ accountId: '222222222222' })
    const { dead, other } = await newQueues('foreign')
    const { body } = await start(dead, { destination: other, messagesPerSecondMax: 1 })
    const sqs = clientOf(stranger)
    const missing = { name: 'ResourceNotFoundException' }
    for (const accountId of [ACCOUNT, '222222222222']) {
      const SourceArn = arn(dead, accountId)
      const handle = Buffer.from(JSON.stringify({ taskId: body.id, sourceArn: SourceArn })).toString('base64')
      await expect(sqs.send(new StartMessageMoveTaskCommand({ SourceArn }))).rejects.toMatchObject(missing)
      await expect(sqs.send(new ListMessageMoveTasksCommand({ SourceArn }))).rejects.toMatchObject(missing)
      await expect(sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle: handle }))).rejects.toMatchObject(missing)
    }
    for (const path of ['', `/${body.id}`]) {
      const answer = await rest.send('GET', `/v1/queues/${dead}/move-tasks${path}`, undefined, bearer(stranger))
      expect(answer).toMatchObject({ status: 404, body: { code: 'queueNotFound' } })
    }
    await rest.send('POST', `/v1/queues/${dead}/move-tasks/${body.id}/cancel`, undefined, bearer(admin))
  })

  it.each(['producer', 'consumer', 'reader'] as const)('a %s may not start or cancel, and may look', async (role) => {
    const key = await newKey({ role })
    const sqs = clientOf(key)
    const { dead } = await newQueues(`role-${role}`, 0)
    const SourceArn = arn(dead)
    const TaskHandle = Buffer.from(JSON.stringify({ taskId: 'x', sourceArn: SourceArn })).toString('base64')
    await expect(sqs.send(new StartMessageMoveTaskCommand({ SourceArn }))).rejects.toMatchObject(denied)
    await expect(sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }))).rejects.toMatchObject(denied)
    expect((await sqs.send(new ListMessageMoveTasksCommand({ SourceArn }))).Results).toBeUndefined()
    expect((await start(dead, {}, key)).status).toBe(403)
    expect((await rest.send('GET', `/v1/queues/${dead}/move-tasks`, undefined, bearer(key))).status).toBe(200)
  })

  it('a key for some queues moves between these alone', async () => {
    const key = await newKey({ queuePattern: 'mine-*' })
    const sqs = clientOf(key)
    const { dead, other } = await newQueues('mine')
    const { dead: foreignDead, other: foreignOther } = await newQueues('theirs')
    const move = (source: string, destination?: string) =>
      sqs.send(
        new StartMessageMoveTaskCommand({
          SourceArn: arn(source),
          ...(destination === undefined ? {} : { DestinationArn: arn(destination) }),
        }),
      )
    await expect(move(foreignDead)).rejects.toMatchObject(denied)
    await expect(move(dead, foreignOther)).rejects.toMatchObject(denied)
    expect((await start(dead, { destination: foreignOther }, key)).status).toBe(403)
    // Somebody else's queue sends its dead letters here too, and would get them back.
    const { engine } = server.app
    const theirSource = { accountId: ACCOUNT, name: 'theirs-source' }
    await engine.updateQueue(theirSource, { deadLetter: { queueName: dead, receiveCountMax: 1 } })
    await expect(move(dead)).rejects.toMatchObject(denied)
    expect((await start(dead, {}, key)).status).toBe(403)
    await move(dead, other)
    expect(await endedTask(dead)).toMatchObject({ status: 'completed', messagesMoved: 3 })
    await engine.updateQueue(theirSource, { deadLetter: null })
    await move(dead)
  })

  it.each([
    ['the source', 'sqs:DeleteMessage', 'dead'],
    ['the source', 'sqs:StartMessageMoveTask', 'dead'],
    ['the destination', 'sqs:SendMessage', 'other'],
    ['the queue that messages came from', 'sqs:SendMessage', 'source'],
  ] as const)('a policy of %s that denies %s has its say', async (_queue, action, which) => {
    const sqs = clientOf(admin)
    const queues = await newQueues(`policy-${which}-${action.slice(4)}`)
    const { dead, other } = queues
    const name = queues[which]
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Principal: '*', Action: action, Resource: arn(name) }],
    })
    const QueueUrl = `${server.url}/${ACCOUNT}/${name}`
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }))
    const destination = which === 'source' ? undefined : other
    const input = { SourceArn: arn(dead), ...(destination === undefined ? {} : { DestinationArn: arn(destination) }) }
    await expect(sqs.send(new StartMessageMoveTaskCommand(input))).rejects.toMatchObject(denied)
    expect((await start(dead, destination === undefined ? {} : { destination })).status).toBe(403)
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: '' } }))
    expect((await start(dead, { destination: other })).status).toBe(201)
  })
})
