// docs: connect
import createClient from 'openapi-fetch'
import type { components, paths } from './stanchion.js'

type Problem = components['schemas']['Problem']

const connect = (accessKey: string | undefined) =>
  createClient<paths>({
    baseUrl: process.env.STANCHION_URL ?? 'http://127.0.0.1:9324',
    headers: accessKey === undefined ? {} : { Authorization: `Bearer ${accessKey}` },
  })

const client = connect(process.env.STANCHION_ACCESS_KEY)

// docs: end
import { readFileSync } from 'node:fs'
import { equal, run, step } from './steps.js'

const PREFIX = process.env.QUEUE_PREFIX ?? ''

// docs: errors
/** An error of the server: `code` says what went wrong, for programs. */
class StanchionError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(`${problem.code}: ${problem.detail}`)
    this.problem = problem
  }
}

/** What a call answered; throws the problem when there is one. */
async function must<T>(call: Promise<{ data?: T; error?: Problem }>): Promise<T> {
  const { data, error } = await call
  if (error !== undefined) throw new StanchionError(error)
  return data as T
}
// docs: end

async function refused(call: Promise<{ error?: Problem; response: Response }>, status: number): Promise<Problem> {
  const { error, response } = await call
  if (error === undefined) throw new Error('it was not refused')
  equal(response.status, status)
  equal(error.status, status)
  return error
}

// docs: first-message
async function firstMessage(queue: string): Promise<string> {
  await must(client.POST('/v1/queues', { body: { name: queue } }))
  const path = { queue }
  const sent = await must(
    client.POST('/v1/queues/{queue}/messages', { params: { path }, body: { body: 'first light' } }),
  )
  return sent.messageId
}
// docs: end

// docs: receive-loop
async function work(queue: string, handle: (body: string) => Promise<void>, isStopped: () => boolean): Promise<void> {
  const path = { queue }
  while (!isStopped()) {
    // Waits up to twenty seconds for a first message, and leases up to ten for half a minute.
    const body = { maxMessages: 10, waitSeconds: 20, visibilityTimeoutSeconds: 30 }
    const { messages } = await must(client.POST('/v1/queues/{queue}/receive', { params: { path }, body }))
    for (const { receiptHandle, body: text } of messages) {
      try {
        await handle(text)
        await must(
          client.DELETE('/v1/queues/{queue}/leases/{receiptHandle}', { params: { path: { ...path, receiptHandle } } }),
        )
      } catch (error) {
        // Not deleted, so it is delivered again; at once, because it is released.
        console.error(error)
        await client.POST('/v1/queues/{queue}/leases/{receiptHandle}/release', {
          params: { path: { ...path, receiptHandle } },
        })
      }
    }
  }
}
// docs: end

async function counts(queue: string) {
  return must(client.GET('/v1/queues/{queue}/counts', { params: { path: { queue } } }))
}

async function send(queue: string, body: components['schemas']['NewMessage']) {
  return must(client.POST('/v1/queues/{queue}/messages', { params: { path: { queue } }, body }))
}

async function receive(queue: string, body: components['schemas']['ReceiveRequest'] = {}) {
  const { messages } = await must(client.POST('/v1/queues/{queue}/receive', { params: { path: { queue } }, body }))
  return messages
}

async function receiveOne(queue: string) {
  const [message] = await receive(queue, { waitSeconds: 5 })
  if (message === undefined) throw new Error('no message came')
  return message
}

async function queues(): Promise<void> {
  const name = `${PREFIX}orders`
  await step('create-queue', async () => {
    const body = { name, settings: { visibilityTimeoutSeconds: 45 }, tags: { team: 'billing' } }
    const created = await must(client.POST('/v1/queues', { body }))
    equal(created.name, name)
    equal(created.kind, 'standard')
    equal(created.settings.visibilityTimeoutSeconds, 45)
    equal(created.tags, { team: 'billing' })
    equal(created.deadLetterSources, ['*'])
  })
  await step('create-queue-again', async () => {
    const { data, response } = await client.POST('/v1/queues', { body: { name } })
    equal(response.status, 200)
    equal(data?.name, name)
  })
  await step('list-queues', async () => {
    const { queues: found } = await must(client.GET('/v1/queues', { params: { query: { prefix: PREFIX, limit: 10 } } }))
    equal(
      found.map((queue) => queue.name),
      [name],
    )
  })
  await step('get-queue', async () => {
    const queue = await must(client.GET('/v1/queues/{queue}', { params: { path: { queue: name } } }))
    equal(Number.isNaN(Date.parse(queue.createdAt)), false)
  })
  await step('update-queue', async () => {
    const body = { settings: { retentionSeconds: 3_600 }, tags: {}, deadLetter: null, deadLetterSources: [] }
    const queue = await must(client.PATCH('/v1/queues/{queue}', { params: { path: { queue: name } }, body }))
    equal(queue.settings.retentionSeconds, 3_600)
    equal(queue.settings.visibilityTimeoutSeconds, 45)
    equal(queue.tags, {})
    equal(queue.deadLetterSources, [])
  })
}

async function messages(): Promise<void> {
  const queue = `${PREFIX}messages`
  const messageId = await step('send', () => firstMessage(queue))
  await step('counts', async () => {
    const { visible, inFlight, delayed, oldestMessageAgeSeconds } = await counts(queue)
    equal([visible, inFlight, delayed], [1, 0, 0])
    equal(typeof oldestMessageAgeSeconds, 'number')
  })
  const attributes = { priority: { type: 'number', value: '3' }, note: { type: 'string', value: 'ä' } } as const
  const lease = await step('receive', async () => {
    const first = await receiveOne(queue)
    equal([first.messageId, first.body, first.receiveCount], [messageId, 'first light', 1])
    await send(queue, { body: '{"orderId":17}', attributes })
    const second = await receiveOne(queue)
    equal(second.body, '{"orderId":17}')
    equal(second.attributes, attributes)
    return first
  })
  const path = { queue, receiptHandle: lease.receiptHandle }
  await step('extend', async () => {
    const body = { visibilityTimeoutSeconds: 120 }
    await must(client.POST('/v1/queues/{queue}/leases/{receiptHandle}/extend', { params: { path }, body }))
  })
  await step('release', async () => {
    await must(client.POST('/v1/queues/{queue}/leases/{receiptHandle}/release', { params: { path } }))
    equal((await counts(queue)).visible, 1)
  })
  await step('delete', async () => {
    const again = await receiveOne(queue)
    equal([again.messageId, again.receiveCount], [messageId, 2])
    const params = { path: { queue, receiptHandle: again.receiptHandle } }
    const { response } = await client.DELETE('/v1/queues/{queue}/leases/{receiptHandle}', { params })
    equal(response.status, 204)
  })
  await step('counts-empty', async () => {
    const empty = `${PREFIX}empty`
    await must(client.POST('/v1/queues', { body: { name: empty } }))
    equal(await counts(empty), { visible: 0, inFlight: 0, delayed: 0, oldestMessageAgeSeconds: null })
  })
}

async function batches(): Promise<void> {
  const queue = `${PREFIX}batches`
  const params = { path: { queue } }
  await must(client.POST('/v1/queues', { body: { name: queue } }))
  await step('send-batch', async () => {
    const body = { messages: [{ body: 'a' }, { body: '' }, { body: 'c', delaySeconds: 0 }] }
    const { results } = await must(client.POST('/v1/queues/{queue}/messages/batch', { params, body }))
    equal(
      results.map(({ error }) => error?.code),
      [undefined, 'messageEmpty', undefined],
    )
    equal(typeof results[0]?.messageId, 'string')
  })
  const receiptHandles = await step('receive-batch', async () => {
    const found = await receive(queue, { maxMessages: 10 })
    equal(found.map(({ body }) => body).sort(), ['a', 'c'])
    return found.map(({ receiptHandle }) => receiptHandle)
  })
  await step('extend-batch', async () => {
    const leases = receiptHandles.map((receiptHandle) => ({ receiptHandle, visibilityTimeoutSeconds: 60 }))
    const body = { leases: [...leases, { receiptHandle: 'none', visibilityTimeoutSeconds: 60 }] }
    const { results } = await must(client.POST('/v1/queues/{queue}/leases/extend', { params, body }))
    equal(
      results.map(({ error }) => error?.code),
      [undefined, undefined, 'invalidReceiptHandle'],
    )
  })
  await step('release-batch', async () => {
    const body = { receiptHandles }
    equal(await must(client.POST('/v1/queues/{queue}/leases/release', { params, body })), { results: [{}, {}] })
  })
  await step('delete-batch', async () => {
    const body = {
      receiptHandles: (await receive(queue, { maxMessages: 10 })).map(({ receiptHandle }) => receiptHandle),
    }
    equal(await must(client.POST('/v1/queues/{queue}/leases/delete', { params, body })), { results: [{}, {}] })
    equal((await counts(queue)).visible, 0)
  })
  await step('receive-loop', async () => {
    for (const body of ['one', 'bad', 'two']) await send(queue, { body })
    const done: string[] = []
    let failures = 0
    const handle = async (body: string) => {
      if (body === 'bad' && failures++ === 0) throw new Error('not yet')
      done.push(body)
    }
    await work(queue, handle, () => done.length === 3)
    equal(done.sort(), ['bad', 'one', 'two'])
  })
  await step('purge', async () => {
    await send(queue, { body: 'x' })
    await must(client.POST('/v1/queues/{queue}/purge', { params }))
    equal((await counts(queue)).visible, 0)
  })
}

async function fifo(): Promise<void> {
  const queue = `${PREFIX}payments.fifo`
  const settings = { contentBasedDeduplication: true }
  await must(client.POST('/v1/queues', { body: { name: queue, kind: 'fifo', fifo: settings } }))
  const first = await step('fifo-send', async () => {
    const sent = await send(queue, { body: 'a', groupId: 'g', deduplicationId: 'd' })
    equal(sent.isDuplicate, false)
    equal(sent.sequenceNumber?.length, 20)
    return sent
  })
  await step('fifo-duplicate', async () => {
    const params = { path: { queue } }
    const body = { body: 'a', groupId: 'g', deduplicationId: 'd' }
    const { data, response } = await client.POST('/v1/queues/{queue}/messages', { params, body })
    equal(response.status, 200)
    equal(data, { ...first, isDuplicate: true })
  })
  await step('fifo-receive', async () => {
    const [message] = await receive(queue, { attemptId: 'attempt-1' })
    equal([message?.groupId, message?.deduplicationId], ['g', 'd'])
    equal(message?.sequenceNumber, first.sequenceNumber)
  })
}

async function deadLetters(): Promise<void> {
  const [source, dead] = [`${PREFIX}source`, `${PREFIX}dead`]
  await step('dead-letter-settings', async () => {
    await must(client.POST('/v1/queues', { body: { name: dead, deadLetterSources: [source] } }))
    const deadLetter = { queueName: dead, receiveCountMax: 1 }
    const created = await must(client.POST('/v1/queues', { body: { name: source, deadLetter } }))
    equal(created.deadLetter, deadLetter)
  })
  await step('dead-letter-move', async () => {
    await send(source, { body: 'poison' })
    await receive(source, { visibilityTimeoutSeconds: 0 })
    equal(await receive(source), [])
    equal((await counts(dead)).visible, 1)
  })
  const params = { path: { queue: dead } }
  await step('dead-letter-sources', async () => {
    const page = await must(client.GET('/v1/queues/{queue}/dead-letter-sources', { params }))
    equal(
      page.queues.map(({ name }) => name),
      [source],
    )
    equal(page.nextCursor, undefined)
  })
  const id = await step('redrive', async () => {
    const task = await must(
      client.POST('/v1/queues/{queue}/move-tasks', { params, body: { messagesPerSecondMax: 500 } }),
    )
    equal([task.source, task.messagesToMove], [dead, 1])
    return task.id
  })
  const path = { queue: dead, moveTaskId: id }
  await step('redrive-completed', async () => {
    for (;;) {
      const task = await must(client.GET('/v1/queues/{queue}/move-tasks/{moveTaskId}', { params: { path } }))
      if (task.status === 'running') continue
      equal([task.status, task.messagesMoved], ['completed', 1])
      return
    }
  })
  await step('redrive-list', async () => {
    const { moveTasks } = await must(client.GET('/v1/queues/{queue}/move-tasks', { params }))
    equal(
      moveTasks.map((task) => task.id),
      [id],
    )
  })
  await step('redrive-cancel', async () => {
    const call = client.POST('/v1/queues/{queue}/move-tasks/{moveTaskId}/cancel', { params: { path } })
    equal((await refused(call, 409)).code, 'moveTaskEnded')
  })
  await step('moved-back', async () => equal((await receiveOne(source)).body, 'poison'))
}

async function watching(): Promise<void> {
  const queue = `${PREFIX}watched`
  const params = { path: { queue } }
  const scaling = { targetDrainSeconds: 60, consumerCompletionsPerSecond: 0.5, consumersMin: 1, consumersMax: 7 }
  await must(client.POST('/v1/queues', { body: { name: queue, scaling } }))
  await step('statistics', async () => {
    const found = await must(client.GET('/v1/queues/{queue}/statistics', { params }))
    equal([found.name, found.visible, found.sentPerSecond, found.totals.sent], [queue, 0, 0, 0])
    equal(found.oldestMessageAgeSeconds, null)
  })
  await step('list-statistics', async () => {
    const page = await must(client.GET('/v1/statistics', { params: { query: { prefix: queue, limit: 5 } } }))
    equal(
      page.queues.map(({ name }) => name),
      [queue],
    )
  })
  await step('history', async () => {
    const query = { rangeSeconds: 900 }
    const { stepSeconds, samples } = await must(
      client.GET('/v1/queues/{queue}/history', { params: { ...params, query } }),
    )
    equal(stepSeconds > 0, true)
    for (const { at } of samples) equal(Number.isNaN(Date.parse(at)), false)
  })
  await step('scaling', async () => {
    const found = await must(client.GET('/v1/queues/{queue}/scaling', { params }))
    equal([found.outstandingMessages, found.desiredConsumers], [0, 1])
    equal(found.policy.consumerCompletionsPerSecond, 0.5)
    const changed = await must(client.PATCH('/v1/queues/{queue}', { params, body: { scaling: null } }))
    equal(changed.scaling, undefined)
  })
  await step('peek', async () => {
    const sent = await must(client.POST('/v1/queues/{queue}/messages', { params, body: { body: 'seen' } }))
    const query = { state: 'ready', limit: 10 } as const
    const page = await must(client.GET('/v1/queues/{queue}/messages', { params: { ...params, query } }))
    equal(
      page.messages.map(({ messageId }) => messageId),
      [sent.messageId],
    )
    const path = { queue, messageId: sent.messageId }
    const one = await must(client.GET('/v1/queues/{queue}/messages/{messageId}', { params: { path } }))
    equal([one.body, one.state, one.receiveCount], ['seen', 'ready', 0])
  })
  await step('doctor', async () => {
    const { findings, checks } = await must(client.GET('/v1/doctor'))
    equal(checks.find(({ id }) => id === 'database-unreachable')?.outcome, 'passed')
    for (const { severity } of findings) equal(['critical', 'warning', 'note'].includes(severity), true)
  })
  await step('whoami', async () => {
    const caller = await must(client.GET('/v1/whoami'))
    equal([caller.authentication, caller.role, caller.permissions.includes('send')], ['on', 'admin', true])
  })
}

async function accessKeys(): Promise<void> {
  const key = await step('access-keys', async () => {
    const body = { role: 'reader', queuePattern: `${PREFIX}*`, description: 'a reader' } as const
    const created = await must(client.POST('/v1/access-keys', { body }))
    const { accessKeys: known } = await must(client.GET('/v1/access-keys'))
    equal(known.find(({ id }) => id === created.id)?.role, 'reader')
    return created
  })
  const successor = await step('rotate-access-key', async () => {
    const params = { path: { accessKeyId: key.id } }
    const rotated = await must(
      client.POST('/v1/access-keys/{accessKeyId}/rotate', { params, body: { overlapSeconds: 60 } }),
    )
    const disabled = await must(client.POST('/v1/access-keys/{accessKeyId}/disable', { params }))
    equal(typeof disabled.disabledAt, 'string')
    return rotated
  })
  const reader = connect(`${successor.id}.${successor.secret}`)
  const params = { path: { queue: `${PREFIX}orders` } }
  await step('missing-queue', async () => {
    const path = { queue: `${PREFIX}missing` }
    const problem = await refused(client.GET('/v1/queues/{queue}', { params: { path } }), 404)
    equal(problem.code, 'queueNotFound')
    equal(typeof problem.requestId, 'string')
  })
  await step('invalid-argument', async () => {
    const body = { body: 'x', delaySeconds: -1 }
    const problem = await refused(client.POST('/v1/queues/{queue}/messages', { params, body }), 400)
    equal([problem.code, problem.field], ['invalidArgument', 'delaySeconds'])
  })
  await step('invalid-handle', async () => {
    const path = { ...params.path, receiptHandle: 'no/such handle' }
    const call = client.DELETE('/v1/queues/{queue}/leases/{receiptHandle}', { params: { path } })
    equal((await refused(call, 400)).code, 'invalidReceiptHandle')
  })
  await step('unauthenticated', async () => {
    const stranger = connect(`${key.id}.wrong`)
    equal((await refused(stranger.GET('/v1/queues'), 401)).code, 'unauthenticated')
  })
  await step('forbidden', async () => {
    equal((await must(reader.GET('/v1/queues/{queue}/counts', { params }))).visible, 0)
    const call = reader.POST('/v1/queues/{queue}/messages', { params, body: { body: 'x' } })
    equal((await refused(call, 403)).code, 'forbidden')
  })
  await step('delete-queue', async () => {
    await must(client.DELETE('/v1/queues/{queue}', { params }))
    await refused(client.GET('/v1/queues/{queue}', { params }), 404)
  })
}

const { version } = JSON.parse(readFileSync('node_modules/openapi-fetch/package.json', 'utf8'))
console.log(`using openapi-fetch ${version}`)
await run(queues, messages, batches, fifo, deadLetters, watching, accessKeys)
