import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { AccessKeys, NewAccessKey, NewSecret, Role } from '@stanchion/identity'
import { OPERATIONS } from '../../src/sqs/operations.ts'
import {
  type Names,
  OWNER,
  pathOf,
  REST_BODIES,
  REST_OPERATIONS,
  REST_QUERIES,
  SQS_INPUTS,
} from '../helpers/every-operation.ts'
import { RestClient } from '../helpers/rest-client.ts'
import { PROTOCOLS, SignedCaller } from '../helpers/signed-caller.ts'
import { startTestServer, type TestServer } from '../helpers/start-test-server.ts'

let server: TestServer
let rest: RestClient
let keys: AccessKeys

beforeAll(async () => {
  server = await startTestServer({ STANCHION_AUTH: 'on', STANCHION_MASTER_KEY: randomBytes(32).toString('base64') })
  rest = new RestClient(server)
  keys = server.app.accessKeys as AccessKeys
})
afterAll(() => server.stop())

const newKey = (input: Partial<NewAccessKey>) => keys.create({ accountId: OWNER, role: 'admin', ...input })

/** Nothing of it is there, so that what is allowed changes nothing and is refused for another reason. */
const ABSENT: Names = {
  queue: 'orders-absent',
  fifo: 'orders-absent.fifo',
  dead: 'orders-dead',
  handle: 'A'.repeat(70),
  messageId: '00000000-0000-4000-8000-000000000000',
  taskId: '00000000-0000-4000-8000-000000000000',
  keyId: `SK${'A'.repeat(18)}`,
  label: 'label',
}

/** Whom each action is for, besides admins. Written down once more and not derived: this is what the product promises. */
const SQS_ROLES: Readonly<Record<string, readonly Role[]>> = {
  SendMessage: ['producer'],
  SendMessageBatch: ['producer'],
  ReceiveMessage: ['consumer'],
  DeleteMessage: ['consumer'],
  DeleteMessageBatch: ['consumer'],
  ChangeMessageVisibility: ['consumer'],
  ChangeMessageVisibilityBatch: ['consumer'],
  GetQueueUrl: ['producer', 'consumer', 'inspector', 'reader'],
  GetQueueAttributes: ['producer', 'consumer', 'inspector', 'reader'],
  ListQueueTags: ['producer', 'consumer', 'inspector', 'reader'],
  ListDeadLetterSourceQueues: ['producer', 'consumer', 'inspector', 'reader'],
  ListMessageMoveTasks: ['producer', 'consumer', 'inspector', 'reader'],
  ListQueues: ['inspector', 'reader'],
  CreateQueue: [],
  SetQueueAttributes: [],
  DeleteQueue: [],
  PurgeQueue: [],
  StartMessageMoveTask: [],
  CancelMessageMoveTask: [],
  TagQueue: [],
  UntagQueue: [],
  AddPermission: [],
  RemovePermission: [],
}

const REST_ROLES: Readonly<Record<string, readonly Role[]>> = {
  sendMessage: ['producer'],
  sendMessages: ['producer'],
  receiveMessages: ['consumer'],
  deleteMessage: ['consumer'],
  deleteMessages: ['consumer'],
  extendLease: ['consumer'],
  extendLeases: ['consumer'],
  releaseLease: ['consumer'],
  releaseLeases: ['consumer'],
  peekMessages: ['inspector'],
  peekMessage: ['inspector'],
  getQueue: ['producer', 'consumer', 'inspector', 'reader'],
  countMessages: ['producer', 'consumer', 'inspector', 'reader'],
  getScaling: ['producer', 'consumer', 'inspector', 'reader'],
  listDeadLetterSources: ['producer', 'consumer', 'inspector', 'reader'],
  listMoveTasks: ['producer', 'consumer', 'inspector', 'reader'],
  getMoveTask: ['producer', 'consumer', 'inspector', 'reader'],
  getQueueStatistics: ['producer', 'consumer', 'inspector', 'reader'],
  getQueueHistory: ['producer', 'consumer', 'inspector', 'reader'],
  whoami: ['producer', 'consumer', 'inspector', 'reader'],
  listQueues: ['inspector', 'reader'],
  listQueueStatistics: ['inspector', 'reader'],
  runDoctor: ['inspector', 'reader'],
  createQueue: [],
  updateQueue: [],
  deleteQueue: [],
  purgeQueue: [],
  startMoveTask: [],
  cancelMoveTask: [],
  createAccessKey: [],
  listAccessKeys: [],
  disableAccessKey: [],
  rotateAccessKey: [],
}

/** Which actions and operations a key is not denied, of those about these names. */
async function allowedTo(secret: NewSecret, names: Names): Promise<string[]> {
  const caller = new SignedCaller(server, secret)
  const allowed: string[] = []
  for (const protocol of PROTOCOLS) {
    for (const { action, kind } of OPERATIONS) {
      const input = SQS_INPUTS[action.name]?.(names)[0]
      const url = kind === 'queue' ? { QueueUrl: `${server.url}/${OWNER}/${names.queue}` } : {}
      const { status, text } = await caller.call(protocol, action, { ...url, ...input })
      if (status === 403) expect(text).toContain('AccessDenied')
      else allowed.push(`${protocol} ${action.name}`)
    }
  }
  const authorization = `Bearer ${secret.key.id}.${secret.secret}`
  for (const { operationId, method, path } of REST_OPERATIONS) {
    const body = REST_BODIES[operationId]?.(names)[0]
    const target = `${pathOf(path, names)}${REST_QUERIES[operationId]?.(names)[0] ?? ''}`
    const answer = await rest.send(method, target, body, { authorization })
    if (answer.status === 403) expect(answer.body.code).toBe('forbidden')
    else allowed.push(operationId)
  }
  return allowed.sort()
}

function expectedFor(role: Role): string[] {
  const isFor = ([, roles]: [string, readonly Role[]]) => role === 'admin' || roles.includes(role)
  const actions = Object.entries(SQS_ROLES).filter(isFor)
  return [
    ...PROTOCOLS.flatMap((protocol) => actions.map(([action]) => `${protocol} ${action}`)),
    ...Object.entries(REST_ROLES)
      .filter(isFor)
      .map(([operation]) => operation),
  ].sort()
}

it('the tables hold every action and every operation', () => {
  expect(Object.keys(SQS_ROLES).sort()).toEqual(OPERATIONS.map(({ action }) => action.name).sort())
  expect(Object.keys(REST_ROLES).sort()).toEqual(REST_OPERATIONS.map(({ operationId }) => operationId).sort())
})

describe('a role', () => {
  it.each<Role>(['admin', 'producer', 'consumer', 'inspector', 'reader'])(
    'G34 %s may call exactly what it is for, over both protocols and REST',
    async (role) => {
      expect(await allowedTo(await newKey({ role }), ABSENT)).toEqual(expectedFor(role))
    },
  )
})

describe('a queue pattern', () => {
  /** What is about no single queue. */
  const GENERAL = ['ListQueues', 'listQueues', 'listQueueStatistics', 'AccessKey']
  const isGeneral = (operation: string) => GENERAL.some((text) => operation.includes(text))

  it('G35 leaves an admin everything that is about one of its queues, and nothing that is about all of them', async () => {
    const key = await newKey({ queuePattern: 'orders-*' })
    expect(await allowedTo(key, ABSENT)).toEqual(expectedFor('admin').filter((name) => !isGeneral(name)))
  })

  it('G35 leaves an admin nothing that is about another queue', async () => {
    const key = await newKey({ queuePattern: 'orders-*' })
    const others = { ...ABSENT, queue: 'payments', fifo: 'payments.fifo', dead: 'payments-dead' }
    // Who they are, and the doctor, who tells them about their own queues alone.
    expect(await allowedTo(key, others)).toEqual(['runDoctor', 'whoami'])
  })
})

it('G35 an account that has no keys left lets nobody in: a disabled key is refused at every operation', async () => {
  const disabled = await newKey({})
  await keys.disable(OWNER, disabled.key.id)
  const authorization = `Bearer ${disabled.key.id}.${disabled.secret}`
  for (const { operationId, method, path } of REST_OPERATIONS) {
    const body = REST_BODIES[operationId]?.(ABSENT)[0]
    // Asking who one is needs no key; asking with one that does not work is refused.
    expect((await rest.send(method, pathOf(path, ABSENT), body, { authorization })).status).toBe(401)
  }
  const caller = new SignedCaller(server, disabled)
  for (const { action } of OPERATIONS) {
    const { status, text } = await caller.call('json', action, SQS_INPUTS[action.name]?.(ABSENT)[0] as object)
    expect([status, text]).toEqual([403, expect.stringContaining('UnrecognizedClientException')])
  }
})
