import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type { AccessKeys } from '@stanchion/identity'
import fc from 'fast-check'
import pg from 'pg'
import { OPERATIONS } from '../../src/sqs/operations.ts'
import {
  arnOf,
  type Names,
  OWN,
  OWNER,
  pathOf,
  REST_BODIES,
  REST_OPERATIONS,
  REST_QUERIES,
  SQS_INPUTS,
  STRANGER,
} from '../helpers/every-operation.ts'
import { RestClient } from '../helpers/rest-client.ts'
import { PROTOCOLS, type Protocol, SignedCaller } from '../helpers/signed-caller.ts'
import { startTestServer, type TestServer } from '../helpers/start-test-server.ts'

const SEED = 20_261_127

let server: TestServer
let rest: RestClient
let sql: pg.Client
let stranger: SignedCaller
let authorization: { authorization: string }
/** What the owner has. */
let real: Names
/** What looks the same and is nobody's. */
let ghost: Names
/** Texts of the owner that no answer to a stranger may hold, unless the stranger said them. */
let secrets: string[]
let rowsQuery: string
/** What the database holds of the owner. */
let before: string[]

beforeAll(async () => {
  server = await startTestServer({
    STANCHION_AUTH: 'on',
    STANCHION_MASTER_KEY: randomBytes(32).toString('base64'),
    // What the duties of statistics write must not be taken for what a stranger did.
    STANCHION_STATISTICS_INTERVAL_MS: '60000',
  })
  rest = new RestClient(server)
  sql = new pg.Client({ connectionString: server.databaseUrl })
  await sql.connect()
  const keys = server.app.accessKeys as AccessKeys
  const { key, secret } = await keys.create({ accountId: STRANGER, role: 'admin' })
  stranger = new SignedCaller(server, { key, secret })
  authorization = { authorization: `Bearer ${key.id}.${secret}` }
  ;[real, secrets] = await fillOwner(keys)
  ghost = {
    queue: likeName(real.queue),
    fifo: `${likeName(real.fifo.slice(0, -5))}.fifo`,
    dead: likeName(real.dead),
    handle: `${real.handle.slice(0, 30)}${real.handle[30] === 'A' ? 'B' : 'A'}${real.handle.slice(31)}`,
    messageId: likeId(real.messageId),
    taskId: randomUUID(),
    keyId: `SK${'A'.repeat(18)}`,
    label: likeName(real.label),
  }
  await server.engine.createQueue({ accountId: STRANGER, name: OWN.dead })
  const deadLetter = { queueName: OWN.dead, receiveCountMax: 5 }
  await server.engine.createQueue({ accountId: STRANGER, name: OWN.queue, deadLetter })
  rowsQuery = await queryForRows()
  before = await rowsOfOwner()
  expect(before.length).toBeGreaterThan(20)
})
afterAll(async () => {
  await sql.end()
  await server.stop()
})

const likeName = (name: string) => `${name.slice(0, -8)}${randomBytes(4).toString('hex')}`
const likeId = (id: string) => `${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`

/** Queues with messages in every state, tags, a policy, a finished move task and another key. */
async function fillOwner(keys: AccessKeys): Promise<[Names, string[]]> {
  const { engine } = server
  const canary = () => `canary-${randomBytes(12).toString('hex')}`
  const name = (prefix: string) => `${prefix}-${randomBytes(4).toString('hex')}`
  const at = (queue: string) => ({ accountId: OWNER, name: queue })
  const [queue, fifo, dead, label] = [name('orders'), `${name('orders')}.fifo`, name('orders-dead'), name('label')]
  const [visible, leased, delayed, inFifo, attribute, tag, description] = Array.from({ length: 7 }, canary)
  const Statement = [
    { Sid: label, Effect: 'Allow', Principal: { AWS: OWNER }, Action: 'sqs:SendMessage', Resource: '*' },
  ]
  await engine.createQueue(at(dead))
  await engine.createQueue({
    ...at(queue),
    deadLetter: { queueName: dead, receiveCountMax: 3 },
    tags: { [String(tag)]: 'x', visible: String(tag) },
    annotations: { Policy: JSON.stringify({ Version: '2012-10-17', Statement }) },
  })
  await engine.createQueue({ ...at(fifo), fifo: {} })
  await engine.sendMessages(at(queue), [{ body: String(leased) }])
  const [message] = await engine.receiveMessages(at(queue), { maxMessages: 1, visibilityTimeoutSeconds: 40_000 })
  if (message === undefined) throw new Error('nothing was leased')
  await engine.sendMessages(at(queue), [
    { body: String(visible), attributes: { a: { type: 'string', value: String(attribute) } } },
    { body: String(delayed), delaySeconds: 800 },
  ])
  await engine.sendMessages(at(fifo), [{ body: String(inFifo), groupId: 'g', deduplicationId: 'd' }])
  await engine.sendMessages(at(dead), [{ body: canary() }])
  const task = await engine.startMoveTask(at(dead), { destination: queue })
  while ((await engine.listMoveTasks(at(dead), 10))[0]?.status === 'running');
  const { key } = await keys.create({ accountId: OWNER, role: 'reader', description: String(description) })
  const names = {
    queue,
    fifo,
    dead,
    handle: message.receiptHandle,
    messageId: message.messageId,
    taskId: task.id,
    keyId: key.id,
    label,
  }
  const texts = [visible, leased, delayed, inFifo, attribute, tag, description].map(String)
  return [names, [...texts, ...Object.values(names)]]
}

/** Asks for every row of the owner, in every table that says whose its rows are, or which queue's, or which lane's. */
async function queryForRows(): Promise<string> {
  const { rows } = await sql.query<{ name: string; columns: string[] }>(
    `SELECT c.relname AS name, array_agg(a.attname::text) AS columns
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
     WHERE c.relnamespace = 'stanchion'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND c.relname <> 'scaling_decision'
     GROUP BY 1`,
  )
  const queues = `SELECT queue_id FROM stanchion.queue WHERE account_id = '${OWNER}'`
  const conditions = {
    account_id: `account_id = '${OWNER}'`,
    queue_id: `queue_id IN (${queues})`,
    lane_id: `abs(lane_id) IN (SELECT lane_id FROM stanchion.lane WHERE queue_id IN (${queues}))`,
  }
  const selects = rows.flatMap(({ name, columns }) => {
    const [, condition] = Object.entries(conditions).find(([column]) => columns.includes(column)) ?? []
    return condition === undefined
      ? []
      : [`SELECT '${name} ' || t::text AS row FROM stanchion.${name} t WHERE ${condition}`]
  })
  return `${selects.join(' UNION ALL ')} ORDER BY 1`
}

const rowsOfOwner = async () => (await sql.query<{ row: string }>(rowsQuery)).rows.map(({ row }) => row)

/** What is left of an answer when names, ids and times are taken out: the same for what is there and for what is not. */
function shapeOf(text: string): string {
  let shape = text
  for (const names of [real, ghost]) {
    for (const [what, name] of Object.entries(names)) shape = shape.replaceAll(name, `<${what}>`)
  }
  return shape
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uuid>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replaceAll(/[A-Za-z0-9+/=_-]{60,}/g, '<long>')
    .replaceAll(/\b1[789]\d{8}(\d{3})?\b/g, '<time>')
    .replaceAll(/SK[A-Z2-7]{18}/g, '<key>')
    .replaceAll(/"secret":"[^"]*"/g, '<secret>')
    .replaceAll(/"receiveCount":\d+/g, '<count>')
}

const namesAny = (names: Names, text: string) => Object.values(names).some((name) => text.includes(name))

function expectNothingTold(sent: string, answer: string): void {
  for (const secret of secrets) {
    if (!sent.includes(secret) && answer.includes(secret)) throw new Error(`${secret} is told to a stranger: ${answer}`)
  }
}

afterEach(async () => {
  expect(await rowsOfOwner()).toEqual(before)
  // A stranger may have queues of the same names, which answers would hold from then on.
  const { queues } = await server.engine.listQueues({ accountId: STRANGER, limit: 1_000 })
  for (const { name } of queues) {
    if (!Object.values(OWN).includes(name)) await server.engine.deleteQueue({ accountId: STRANGER, name })
  }
})

/** The addresses that a queue can be given under; the first ones are those that SDKs write. */
const ADDRESSES: readonly ((name: string) => string)[] = [
  (name) => `${server.url}/${OWNER}/${name}`,
  (name) => `${server.url}/${STRANGER}/${name}`,
  (name) => `/${OWNER}/${name}`,
  (name) => name,
  (name) => `http://other.example:1/${OWNER}/${name}`,
  (name) => `${server.url}/queue/us-east-1/${OWNER}/${name}`,
  (name) => `${server.url}/${STRANGER}/../${OWNER}/${name}`,
  (name) => `${server.url}/${STRANGER}/${OWNER}/${name}`,
  (name) => `${server.url}/${OWNER}%2F${name}`,
  (name) => `${server.url}/${OWNER}/${name}?${STRANGER}/${OWN.queue}`,
  (name) => arnOf(name),
]
/** What concerns a queue of the stranger's own is asked as well where the input names something of the owner. */
const AT_OWN_QUEUE = /^(Delete|Change)Message|^SetQueueAttributes$/

describe.each(PROTOCOLS)('SQS over %s', (protocol) => {
  it('every action is tried', () => {
    expect(Object.keys(SQS_INPUTS).sort()).toEqual(OPERATIONS.map(({ action }) => action.name).sort())
  })

  it.each(OPERATIONS.map((operation) => [operation.action.name, operation] as const))(
    'G35 %s by another account tells nothing, changes nothing, and is answered as for a queue that is not there',
    async (name, { action, kind }) => {
      const inputs = SQS_INPUTS[name]
      if (inputs === undefined) throw new Error(`${name} is not tried`)
      const ask = async (names: Names, input: object, path?: string) => {
        const options = path === undefined ? {} : { path }
        const { status, text } = await stranger.call(protocol, action, input, options)
        expectNothingTold(JSON.stringify([input, path, names]), text)
        return { status, text: shapeOf(text) }
      }
      /** Asks about the owner's and about nobody's, which must make no difference. */
      const compare = async (make: (names: Names) => object, path?: (names: Names) => string) => {
        const answers = []
        for (const names of [real, ghost]) answers.push(await ask(names, make(names), path?.(names)))
        expect({ asked: make(real), ...answers[0] }).toEqual({ asked: make(real), ...answers[1] })
      }
      for (const index of inputs(real).keys()) {
        const at = (names: Names) => inputs(names)[index] as object
        if (kind === 'account') {
          await compare(at)
          continue
        }
        await Promise.all(
          // Both protocols read them by one function, whose every form one of them tries.
          (protocol === 'json' ? ADDRESSES : ADDRESSES.slice(0, 4)).map((address) =>
            compare((names) => ({ QueueUrl: address(names.queue), ...at(names) })),
          ),
        )
        await compare(({ fifo, ...names }) => ({ QueueUrl: ADDRESSES[0]?.(fifo), ...at({ fifo, ...names }) }))
        if (AT_OWN_QUEUE.test(name)) {
          await compare((names) => ({ QueueUrl: `${server.url}/${STRANGER}/${OWN.queue}`, ...at(names) }))
        }
        if (protocol === 'query') await compare(at, (names) => `/${OWNER}/${names.queue}`)
      }
    },
  )

  it('G35 addresses made at random lead to no queue of another account', async () => {
    const part = fc.constantFrom('/', '//', '%2F', '..', '.', '@', ':', '?', '#', '\\', 'x', '%00', OWNER, STRANGER)
    const action = actionOf('ReceiveMessage')
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 6 }), fc.array(part, { maxLength: 2 }), async (head, tail) => {
        const url = (name: string) => `${head.join('')}/${OWNER}/${name}${tail.join('')}`
        const answers = []
        for (const { queue } of [real, ghost]) {
          const input = { QueueUrl: url(queue), VisibilityTimeout: 0 }
          const { status, text } = await stranger.call(protocol, action, input)
          expectNothingTold(JSON.stringify(input), text)
          answers.push([status, shapeOf(text)])
        }
        expect(answers[0]).toEqual(answers[1])
      }),
      { seed: SEED, numRuns: 30 },
    )
  })
})

function actionOf(name: string) {
  const found = OPERATIONS.find(({ action }) => action.name === name)
  if (found === undefined) throw new Error(`there is no action ${name}`)
  return found.action
}

describe('a receipt handle of another account', () => {
  it.each<Protocol>(['json', 'query'])('G9 G35 spoils nothing in a batch of own handles over %s', async (protocol) => {
    const mine = { accountId: STRANGER, name: `batch-${protocol}` }
    const QueueUrl = `${server.url}/${STRANGER}/${mine.name}`
    await server.engine.createQueue(mine)
    await server.engine.sendMessages(mine, [{ body: 'mine' }])
    const [message] = await server.engine.receiveMessages(mine, { maxMessages: 1 })
    const Entries = [
      { Id: 'theirs', ReceiptHandle: real.handle },
      { Id: 'mine', ReceiptHandle: message?.receiptHandle },
    ]
    const { text } = await stranger.call(protocol, actionOf('DeleteMessageBatch'), { QueueUrl, Entries })
    expect(text).toMatch(/ReceiptHandleIsInvalid/)
    expect(await server.engine.countMessages(mine)).toMatchObject({ visible: 0, inFlight: 0 })
  })
})

describe('REST', () => {
  it('every operation with a body is given one', () => {
    const withBody = REST_OPERATIONS.filter(({ hasBody }) => hasBody).map(({ operationId }) => operationId)
    expect(Object.keys(REST_BODIES).sort()).toEqual(withBody.sort())
  })

  it.each(REST_OPERATIONS.map((operation) => [operation.operationId, operation] as const))(
    'G35 %s by another account tells nothing, changes nothing, and is answered as for what is not there',
    async (operationId, { method, path }) => {
      const requestsFor = (names: Names) => {
        const own = [OWN.queue, OWN.dead]
        const queues = path.includes('{queue}') ? [names.queue, names.fifo, names.dead, ...own] : ['']
        return queues
          .flatMap((queue) =>
            (REST_BODIES[operationId]?.(names) ?? [undefined]).flatMap((body) =>
              (REST_QUERIES[operationId]?.(names) ?? ['']).map((query) => ({
                target: `${pathOf(path, { ...names, queue })}${query}`,
                body,
                isOwn: own.includes(queue),
              })),
            ),
          )
          .filter(({ isOwn, ...request }) => !isOwn || namesAny(names, JSON.stringify(request)))
      }
      const [theirs, nobodys] = [requestsFor(real), requestsFor(ghost)]
      for (const [index, request] of theirs.entries()) {
        expect(request.target).not.toMatch(/[{}]/)
        const answers = []
        for (const { target, body } of [request, nobodys[index] as typeof request]) {
          const answer = await rest.send(method, target, body, authorization)
          const text = JSON.stringify(answer.body)
          expectNothingTold(JSON.stringify([target, body, real, ghost].slice(0, 2)), text)
          answers.push({ status: answer.status, text: shapeOf(text) })
        }
        expect({ request, ...answers[0] }).toEqual({ request, ...answers[1] })
      }
    },
  )
})

it('G35 the owner finds everything as it was', async () => {
  const at = (name: string) => ({ accountId: OWNER, name })
  expect(await server.engine.countMessages(at(real.queue))).toMatchObject({ visible: 2, inFlight: 1, delayed: 1 })
  expect(await server.engine.countMessages(at(real.fifo))).toMatchObject({ visible: 1 })
})
