import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { REST_OPERATIONS } from '../helpers/every-operation.ts'
import { receive } from '../helpers/filled-queue.ts'
import { RestClient } from '../helpers/rest-client.ts'
import { type BadCase, jsonRequest, restRequest } from './bad-case.ts'
import { mixedBatches } from './batch-cases.ts'
import { bombs, misaddressed } from './bombs.ts'
import { distinct } from './distinct.ts'
import { LoopWatch } from './loop-watch.ts'
import { restBodyCases, restParameterCases, restTarget, rightBodies } from './rest-cases.ts'
import { runCases } from './run-cases.ts'
import { jsonCases, queryCases, valueCases } from './sqs-cases.ts'
import { rightInputs } from './sqs-inputs.ts'
import { storedRows } from './stored.ts'
import { strangeCases } from './strange-cases.ts'
import { Connections } from './wire.ts'
import { startWorld, stopWorld, type World } from './world.ts'

const SEED = 20_261_127
const PER_PARAMETER = 30
const CONCURRENCY = 24
const CASES_MIN = 10_000
const TURN_MS_MAX = 500

let world: World
let rest: RestClient
let connections: Connections
/** What right requests stored, which were sent among the bad ones. */
const neighbours: string[] = []
let casesSent = 0

beforeAll(async () => {
  world = await startWorld()
  rest = new RestClient(world.server)
  connections = new Connections(world.server.url, CONCURRENCY)
})
afterAll(async () => {
  connections.close()
  await stopWorld(world)
})

/** Sends the cases, which must be answered as they should, without a long turn of the event loop. */
async function run(label: string, cases: readonly BadCase[], concurrency = CONCURRENCY): Promise<void> {
  const watch = new LoopWatch()
  const came = await runCases(connections, cases, world.neighbour, label, concurrency)
  const longestTurnMs = watch.stop()
  expect(came.faults).toEqual([])
  expect(longestTurnMs).toBeLessThan(TURN_MS_MAX)
  neighbours.push(...came.neighbours)
  casesSent += cases.length
}

describe('G36 bad input', () => {
  it.each<[string, () => BadCase[], number]>([
    ['every parameter of every action of AWS JSON', () => jsonCases(world, SEED, PER_PARAMETER), CONCURRENCY],
    [
      'every parameter of every action of the Query protocol',
      () => queryCases(world, SEED, PER_PARAMETER),
      CONCURRENCY,
    ],
    ['values that mean nothing, in both protocols of SQS', () => valueCases(world, SEED, PER_PARAMETER), CONCURRENCY],
    ['every member of every body of REST', () => restBodyCases(world, SEED, PER_PARAMETER), CONCURRENCY],
    ['every parameter of every address of REST', () => restParameterCases(world, SEED, PER_PARAMETER), CONCURRENCY],
    ['actions, addresses, methods and content types that are none', () => misaddressed(world), CONCURRENCY],
    // One after the other, since each of them is work for the whole machine.
    ['requests that are huge, deep or repetitive', () => bombs(world), 1],
  ])(
    '%s: is refused in the format of its door within a second, and nothing is stored',
    async (label, make, concurrency) => {
      const before = await storedRows(world)
      expect(before.length).toBeGreaterThan(20)
      await run(label, distinct(make()), concurrency)
      expect(await storedRows(world)).toEqual(before)
    },
  )

  it('is tried in ten thousand forms, none of which the server takes for a mistake of its own', () => {
    expect(casesSent).toBeGreaterThan(CASES_MIN)
    const errors = world.server.log.filter(({ level }) => level === 'error' || level === 'fatal')
    expect(errors).toEqual([])
  })

  it('G22 in one entry of a batch of SQS does not touch the entries beside it', async () => {
    for (const { good, bad } of mixedBatches('sqs', SEED, 150)) {
      const [first, second] = good.map((MessageBody, index) => ({ Id: `good${index}`, MessageBody }))
      const input = { QueueUrl: world.neighbour, Entries: [first, { Id: 'bad', ...bad }, second] }
      const { status, text } = await connections.send(jsonRequest('SendMessageBatch', JSON.stringify(input)))
      const { Successful, Failed } = JSON.parse(text)
      const ids = [Successful, Failed].map((entries: { Id: string }[]) => entries?.map(({ Id }) => Id))
      expect({ status, ids, bad }).toEqual({ status: 200, ids: [['good0', 'good1'], ['bad']], bad })
      neighbours.push(...good)
    }
  })

  it('G22 in one entry of a batch of REST does not touch the entries beside it', async () => {
    for (const { good, bad } of mixedBatches('rest', SEED, 150)) {
      const [first, second] = good.map((body) => ({ body }))
      const target = `/v1/queues/${world.neighbour}/messages/batch`
      const body = JSON.stringify({ messages: [first, bad, second] })
      const { status, text } = await connections.send(restRequest('POST', target, body))
      const stored = JSON.parse(text).results?.map((result: object) => 'messageId' in result)
      expect({ status, stored, bad }).toEqual({ status: 200, stored: [true, false, true], bad })
      neighbours.push(...good)
    }
  })

  it('leaves the right requests beside it unharmed: each of their messages is there once, and no other', async () => {
    const received: string[] = []
    for (;;) {
      const messages = await receive(rest, world.neighbour, { maxMessages: 1_000 })
      if (messages.length === 0) break
      received.push(...messages.map(({ body }) => body))
    }
    expect(received.sort()).toEqual(neighbours.sort())
  })

  it('that is strange rather than wrong is answered, too', async () => {
    await run('strange', distinct(strangeCases(world, SEED, 10)))
    expect(await rest.get('/v1/queues?limit=1000')).toMatchObject({ status: 200 })
  })

  it('is made of requests that are taken when they are right', async () => {
    const inputs = rightInputs(world)
    const bodies = rightBodies(world)
    const last = ['DeleteMessage', 'DeleteMessageBatch', 'RemovePermission', 'PurgeQueue', 'DeleteQueue']
    // The task has ended before anybody could cancel it.
    const actions = Object.keys(inputs).filter((name) => !last.includes(name) && name !== 'CancelMessageMoveTask')
    const endings = ['deleteMessages', 'releaseLeases']
    const operations = Object.keys(bodies).filter((name) => !endings.includes(name))
    for (const name of [...actions, ...operations, ...last.slice(0, 1), ...endings, ...last.slice(1)]) {
      const { method, path } = REST_OPERATIONS.find(({ operationId }) => operationId === name) ?? {}
      const { status, text } = await connections.send(
        method === undefined || path === undefined
          ? jsonRequest(name, JSON.stringify(inputs[name]))
          : restRequest(method, restTarget(path, name, world), JSON.stringify(bodies[name])),
      )
      expect({ name, isTaken: status < 300, text: status < 300 ? '' : text }).toEqual({ name, isTaken: true, text: '' })
    }
  })
})
