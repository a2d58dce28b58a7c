import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { RestClient } from '../helpers/rest-client.ts'
import { startTestServer, type TestServer } from '../helpers/start-test-server.ts'
import { jsonRequest } from './bad-case.ts'
import { REST_QUEUE, rawShapes, SQS_QUEUE, VICTIM } from './raw-shapes.ts'
import { type RawAnswer, sendRaw } from './raw-wire.ts'
import { Connections } from './wire.ts'

const ANSWER_MS_MAX = 1_000
const NEIGHBOUR = 'neighbour'

let server: TestServer
let rest: RestClient
let connections: Connections

beforeAll(async () => {
  server = await startTestServer()
  rest = new RestClient(server)
  connections = new Connections(server.url, 1)
  for (const name of [REST_QUEUE, SQS_QUEUE, VICTIM, NEIGHBOUR]) await rest.post('/v1/queues', { name })
})
afterAll(async () => {
  connections.close()
  await server.stop()
})

/** What a message has of its own in the answer that it was stored. */
const isSend = ({ status, body }: RawAnswer) => status < 300 && /messageId/i.test(body)

/** How an answer of the server to what it refuses looks, whatever door was meant. */
function isDocumented({ status, headers, body }: RawAnswer): boolean {
  if (status < 400) return true
  const [type] = (headers['content-type'] ?? '').split(';')
  if (type === 'application/problem+json') return JSON.parse(body).status === status
  if (type === 'application/x-amz-json-1.0') return JSON.parse(body).__type !== undefined
  if (type === 'text/xml') return body.includes('<Type>Sender</Type>')
  // Node refuses a request without a Host before anybody sees it.
  return status === 400 && body === '' && headers.connection === 'close'
}

it('G3 G22 G36 whatever bytes come, each request has one answer in a second, and nothing hidden is done', async () => {
  const faults: unknown[] = []
  let sent = 0
  let neighbours = 0
  for (const { what, bytes, statuses } of rawShapes()) {
    let came = await sendRaw(server.url, bytes)
    sent += came.answers.filter(isSend).length
    if (came.tookMs > ANSWER_MS_MAX) {
      // The machine may have been busy with something else; what is slow by itself is slow again.
      came = await sendRaw(server.url, bytes)
      sent += came.answers.filter(isSend).length
    }
    const isLate = came.tookMs > ANSWER_MS_MAX
    const got = came.answers.map(({ status }) => status)
    const strange = came.answers.filter((answer) => !isDocumented(answer))
    if (isLate || String(got) !== String(statuses) || strange.length > 0)
      faults.push({ what, statuses, got, isLate, strange })
    const input = JSON.stringify({ QueueUrl: NEIGHBOUR, MessageBody: what })
    const neighbour = await connections.send(jsonRequest('SendMessage', input))
    if (neighbour.status !== 200) faults.push({ what, neighbour })
    neighbours += 1
  }
  expect(faults).toEqual([])
  expect(sent).toBeGreaterThan(20)
  const counts = async (queue: string) => (await rest.get(`/v1/queues/${queue}/counts`)).body.visible as number
  expect((await counts(REST_QUEUE)) + (await counts(SQS_QUEUE))).toBe(sent)
  expect(await counts(NEIGHBOUR)).toBe(neighbours)
  expect(await rest.get(`/v1/queues/${VICTIM}`)).toMatchObject({ status: 200 })
  expect(server.log.filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([])
}, 120_000)
