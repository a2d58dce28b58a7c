import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { AccessKeys, type MasterKey, type NewSecret, parseMasterKey } from '@stanchion/identity'
import {
  type Action,
  changeMessageVisibility,
  createQueue,
  receiveMessage,
  sendMessage,
  sendMessageBatch,
} from '@stanchion/sqs'
import { createTestDatabase, type Program, startProgram, type TestDatabase } from '@stanchion/testing'
import pg from 'pg'
import { startOtlpCollector } from '../helpers/otlp-collector.ts'
import { PROTOCOLS, SignedCaller, type WireAnswer } from '../helpers/signed-caller.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const ACCOUNT = '000000000000'

const canary = (what: string) => `${what}-${randomBytes(12).toString('hex')}`

/** What must be nowhere at all, and what may be in answers that hand out messages and where messages are stored. */
interface Canaries {
  readonly secrets: string[]
  readonly bodies: string[]
  /** What SQS repeats to whoever sent it, and to nobody else. */
  readonly handles: string[]
}

interface Watched {
  readonly url: string
  readonly program: Program
  readonly database: TestDatabase
  readonly role: string
  readonly canaries: Canaries
  readonly keys: AccessKeys
  readonly owner: NewSecret
}

const collectors: Awaited<ReturnType<typeof startOtlpCollector>>[] = []
const all: Watched[] = []

/** Starts a server process with a canary wherever it has a secret. */
async function start(env: Record<string, string>): Promise<Watched> {
  const database = await createTestDatabase()
  const password = canary('password')
  const masterBytes = randomBytes(32)
  const role = canary('role').replace('-', '_')
  await run(database.url, `CREATE ROLE ${role} SUPERUSER LOGIN PASSWORD '${password}'`)
  const program = startProgram(process.execPath, [MAIN], {
    ...env,
    DATABASE_URL: database.url.replace('//postgres@', `//${role}:${password}@`),
    STANCHION_AUTH: 'on',
    STANCHION_MASTER_KEY: masterBytes.toString('base64'),
    PORT: '0',
  })
  const [, url = ''] = await program.untilOutput(/listens on (\S+)/)
  const masterKey = parseMasterKey(masterBytes.toString('hex')) as MasterKey
  const keys = new AccessKeys({ databaseUrl: database.url, masterKey })
  const owner = await keys.create({ accountId: ACCOUNT, role: 'admin' })
  const secrets = [password, masterBytes.toString('base64'), masterBytes.toString('hex'), owner.secret]
  const watched = { url, program, database, role, keys, owner, canaries: { secrets, bodies: [], handles: [] } }
  all.push(watched)
  return watched
}

async function run(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

let talkative: Watched
let ordinary: Watched

beforeAll(async () => {
  const collector = await startOtlpCollector()
  collectors.push(collector)
  const traced = {
    STANCHION_LOG_LEVEL: 'trace',
    STANCHION_TELEMETRY: 'on',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_SCHEDULE_DELAY: '20',
  }
  ;[talkative, ordinary] = await Promise.all([start(traced), start({})])
})
afterAll(async () => {
  for (const { program, database, keys, role } of all) {
    await keys.close()
    await program.kill()
    await run(database.url, `DROP OWNED BY ${role} CASCADE`).catch(() => undefined)
    await database.drop()
  }
  for (const collector of collectors) collector.stop()
})

/** Does everything that a server does with secrets and messages, right and wrong. @returns what was answered to what went wrong */
async function use({ url, database, owner, canaries }: Watched): Promise<string[]> {
  const caller = new SignedCaller({ url }, owner)
  const authorization = `Bearer ${owner.key.id}.${owner.secret}`
  const body = () => {
    const text = canary('body')
    canaries.bodies.push(text)
    return text
  }
  const handle = () => {
    const text = canary('handle')
    canaries.handles.push(text)
    return text
  }
  const secret = () => {
    const text = canary('secret')
    canaries.secrets.push(text)
    return text
  }
  const rest = async (method: string, path: string, content?: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization, ...(content === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(content === undefined ? {} : { body: content }),
    })
    return { status: response.status, headers: response.headers, text: await response.text() }
  }
  const wrong: WireAnswer[] = []
  const QueueUrl = `${url}/${ACCOUNT}/canaries`
  await caller.call('json', createQueue, { QueueName: 'canaries', Attributes: { VisibilityTimeout: '600' } })
  for (const protocol of PROTOCOLS) {
    const call = (action: Action, input: object) => caller.call(protocol, action, { QueueUrl, ...input })
    const MessageAttributes = { a: { DataType: 'String', StringValue: body() } }
    await call(sendMessage, { MessageBody: body(), MessageAttributes })
    await call(sendMessageBatch, { Entries: [{ Id: 'a', MessageBody: body() }] })
    await call(receiveMessage, { MaxNumberOfMessages: 1 })
    wrong.push(
      await call(sendMessage, { MessageBody: `${body()}\u0001` }),
      await call(sendMessage, { MessageBody: body(), DelaySeconds: 1_000_000_000 }),
      await call(sendMessageBatch, { Entries: [{ Id: 'a b', MessageBody: body() }] }),
      await call(changeMessageVisibility, { ReceiptHandle: handle(), VisibilityTimeout: 1 }),
      await new SignedCaller({ url }, { ...owner, secret: secret() }).call(protocol, sendMessage, {
        QueueUrl,
        MessageBody: body(),
      }),
    )
  }
  await rest('POST', '/v1/queues/canaries/messages', JSON.stringify({ body: body() }))
  await rest('POST', '/v1/access-keys', JSON.stringify({ role: 'reader' })).then(({ text }) =>
    canaries.secrets.push(JSON.parse(text).secret),
  )
  await rest('POST', `/v1/queues/canaries/leases/${handle()}/extend`, '{}')
  wrong.push(
    await rest('POST', '/v1/queues/canaries/messages', `{"body": "${body()}`),
    await rest('POST', '/v1/queues/canaries/messages', JSON.stringify({ body: `${body()}\u0001` })),
    await rest('POST', '/v1/queues/canaries/messages', JSON.stringify({ body: [body()] })),
    await rest('POST', '/v1/queues/canaries/messages', JSON.stringify({ body: 'x', delaySeconds: body() })),
    await rest('POST', '/v1/queues/canaries/messages', `<${body()}>`, { 'content-type': 'text/xml' }),
    await rest('GET', '/v1/queues', undefined, { authorization: `Bearer ${owner.key.id}.${secret()}` }),
    await rest('GET', '/v1/queues', undefined, { authorization: `Basic ${secret()}` }),
    await rest('GET', '/v1/queues', undefined, { authorization: secret() }),
    // The database repeats the row that it refuses.
    ...(await whileRowsAreRefused(database, async () => [
      await caller.call('json', sendMessage, { QueueUrl, MessageBody: body() }),
      await caller.call('query', sendMessage, { QueueUrl, MessageBody: body() }),
      await rest('POST', '/v1/queues/canaries/messages', JSON.stringify({ body: body() })),
    ])),
    // The database cannot be reached.
    ...(await whileDatabaseIsAway(database, async () => [
      await caller.call('json', sendMessage, { QueueUrl, MessageBody: body() }),
      await rest('POST', '/v1/queues/canaries/messages', JSON.stringify({ body: body() })),
      await rest('GET', '/v1/doctor'),
      await rest('GET', '/readyz'),
    ])),
  )
  for (const answer of wrong) expect(answer.text).not.toBe('')
  return wrong.map(({ text }) => text)
}

async function whileRowsAreRefused<T>({ url }: TestDatabase, work: () => Promise<T>): Promise<T> {
  await run(
    url,
    `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = 'XX001', DETAIL = NEW.body, HINT = NEW.body; END$$;
     CREATE TRIGGER refuse BEFORE INSERT ON stanchion.message_log FOR EACH ROW EXECUTE FUNCTION refuse()`,
  )
  try {
    return await work()
  } finally {
    await run(url, 'DROP FUNCTION refuse() CASCADE')
  }
}

async function whileDatabaseIsAway<T>({ url }: TestDatabase, work: () => Promise<T>): Promise<T> {
  const name = /\/([^/?]+)(\?|$)/.exec(url)?.[1] ?? ''
  const other = url.replace(`/${name}`, '/postgres')
  await run(other, `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`)
  await run(other, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`)
  try {
    return await work()
  } finally {
    await run(other, `ALTER DATABASE ${name} ALLOW_CONNECTIONS true`)
  }
}

/** Every row of the database and every statement that it shows, by table: what a dump of it, or a look into it, would hold. */
async function dump({ url }: TestDatabase): Promise<Map<string, string>> {
  const tables = await run(
    url,
    `SELECT c.oid::regclass::text AS name FROM pg_class c
     WHERE c.relnamespace = 'stanchion'::regnamespace AND c.relkind = 'r' UNION ALL SELECT 'pg_stat_activity'`,
  )
  const found = new Map<string, string>()
  for (const { name } of tables) {
    const rows = await run(url, `SELECT t::text AS row FROM ${name} t`)
    found.set(String(name), rows.map(({ row }) => row).join('\n'))
  }
  return found
}

const allOf = ({ secrets, bodies, handles }: Canaries) => [...secrets, ...bodies, ...handles]
const found = (text: string, words: readonly string[]) => words.filter((word) => text.includes(word))

describe.each([
  ['at the level trace, with traces', () => talkative],
  ['at the usual level, past Fastify', () => ordinary],
])('a server that has done everything %s', (_how, watched) => {
  let errors: string[]
  beforeAll(async () => {
    errors = await use(watched())
  })

  it('G37 has no secret and no body in an answer to what went wrong', () => {
    const { secrets, bodies } = watched().canaries
    expect(errors.length).toBeGreaterThan(20)
    for (const error of errors)
      expect({ error, found: found(error, [...secrets, ...bodies]) }).toEqual({ error, found: [] })
  })

  it('G37 has no secret and no body in its metrics', async () => {
    const { url, owner, canaries } = watched()
    const headers = { authorization: `Bearer ${owner.key.id}.${owner.secret}` }
    const text = await (await fetch(`${url}/metrics`, { headers })).text()
    expect(text).toContain('stanchion_request_duration_seconds')
    expect(found(text, allOf(canaries))).toEqual([])
  })

  it('G37 has no secret in the database, and bodies only where messages are', async () => {
    const { database, canaries } = watched()
    const tables = await dump(database)
    const places = new Set<string>()
    for (const [table, text] of tables) {
      expect({ table, found: found(text, canaries.secrets) }).toEqual({ table, found: [] })
      if (found(text, canaries.bodies).length > 0) places.add(table.replace(/\d.*$/, ''))
    }
    expect([...places].sort()).toEqual(['stanchion.message_log_'])
  })

  it('G37 has no secret and no body in its log, which names what went wrong', async () => {
    const { program, canaries } = watched()
    const text = `${program.output()}${program.errors()}`
    expect(text).toContain('request failed')
    expect(found(text, allOf(canaries))).toEqual([])
  })
})

it('G37 no secret and no body is in a trace', () => {
  const [collector] = collectors
  expect(collector?.spans.length).toBeGreaterThan(20)
  const text = JSON.stringify(collector?.requests.map(({ body }) => body.toString()))
  expect(found(text, allOf(talkative.canaries))).toEqual([])
})

it('G37 a server that cannot read its settings repeats neither its password nor its master key', async () => {
  const password = canary('password')
  const masterKey = randomBytes(31).toString('base64')
  const DATABASE_URL = `mysql://role:${password}@127.0.0.1/x`
  const env = { DATABASE_URL, STANCHION_MASTER_KEY: masterKey, STANCHION_AUTH: 'on', STANCHION_LOG_LEVEL: 'trace' }
  const program = startProgram(process.execPath, [MAIN], env)
  expect(await program.exited).toBe(1)
  const text = `${program.output()}${program.errors()}`
  expect(text).toMatch(/DATABASE_URL must be.*STANCHION_MASTER_KEY must be/s)
  expect(found(text, [password, masterKey])).toEqual([])
})
