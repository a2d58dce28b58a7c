import { once } from 'node:events'
import net, { type AddressInfo, type Server } from 'node:net'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { OPERATIONS } from '../../src/sqs/operations.ts'
import { SQS_INPUTS } from '../helpers/every-operation.ts'
import { callJson, callQuery } from '../helpers/sqs-clients.ts'
import { startTestServer, type TestServer } from '../helpers/start-test-server.ts'
import { toQueryForm } from '../helpers/to-query-form.ts'

/** Where this process, server and test alike, has opened connections to since the test began. */
const destinations = new Set<string>()
const connect = net.Socket.prototype.connect

let server: TestServer
/** What an attacker would have the server connect to. */
let trap: Server
let trapPort: number
let visits = 0

beforeAll(async () => {
  trap = net.createServer((socket) => {
    visits += 1
    socket.destroy()
  })
  trap.listen(0, '127.0.0.1')
  await once(trap, 'listening')
  trapPort = (trap.address() as AddressInfo).port
  server = await startTestServer()
  net.Socket.prototype.connect = function connectAndTell(this: net.Socket, ...args: Parameters<typeof connect>) {
    destinations.add(destinationOf(args.flat()[0]))
    return connect.apply(this, args)
  } as typeof connect
})
afterAll(async () => {
  net.Socket.prototype.connect = connect
  await server.stop()
  trap.close()
})

function destinationOf(target: unknown): string {
  if (typeof target !== 'object' || target === null) return `socket ${target}`
  const { path, host, port } = target as { path?: string | null; host?: string; port?: number | string }
  // fetch gives the path of its request beside host and port.
  return port === undefined || port === null ? `socket ${path}` : `${host}:${port}`
}

it('no address or ARN in a request makes the server connect anywhere', async () => {
  const { host } = new URL(server.url)
  const names = {
    queue: 'orders',
    fifo: 'orders.fifo',
    dead: 'dead',
    handle: 'A'.repeat(70),
    messageId: 'x',
    taskId: '00000000-0000-4000-8000-000000000000',
    keyId: 'x',
    label: 'label',
  }
  const path = '/000000000000/orders'
  const addresses = [
    `http://127.0.0.1:${trapPort}${path}`,
    `https://127.0.0.1:${trapPort}${path}`,
    `http://user:password@127.0.0.1:${trapPort}${path}`,
    `http://${host}@127.0.0.1:${trapPort}${path}`,
    `//127.0.0.1:${trapPort}${path}`,
    `\\\\127.0.0.1:${trapPort}\\000000000000\\orders`,
    `gopher://127.0.0.1:${trapPort}${path}`,
    `ftp://127.0.0.1:${trapPort}${path}`,
    `http://169.254.169.254/latest/meta-data${path}`,
    `http://internal.invalid${path}`,
    `http://[::1]:${trapPort}${path}`,
    'file:///etc/passwd',
    `postgres://127.0.0.1:${trapPort}${path}`,
    `arn:aws:sqs:us-east-1:000000000000:orders`,
    `arn:aws:sqs:http://127.0.0.1:${trapPort}:000000000000:orders`,
  ]
  const arns = [
    `arn:aws:sqs:127.0.0.1%3A${trapPort}:000000000000:dead`,
    `arn:aws:sqs:us-east-1:000000000000:http://127.0.0.1:${trapPort}/`,
    `http://127.0.0.1:${trapPort}/`,
    `arn:aws:lambda:us-east-1:000000000000:function:http://127.0.0.1:${trapPort}/`,
  ]
  await callJson(server, 'CreateQueue', JSON.stringify({ QueueName: 'orders' }))
  for (const QueueUrl of addresses) {
    const calls = OPERATIONS.filter(({ kind, action }) => kind === 'queue' && action.name !== 'DeleteQueue').map(
      async ({ action }, index) => {
        const input = { QueueUrl, ...SQS_INPUTS[action.name]?.(names)[0] }
        return index % 2 === 0
          ? callJson(server, action.name, JSON.stringify(input))
          : callQuery(server, toQueryForm(action, input))
      },
    )
    for (const { status } of await Promise.all(calls)) expect(status).toBeLessThan(500)
  }
  for (const arn of arns) {
    const redrive = { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 1 }) }
    const attempts = await Promise.all([
      callJson(server, 'StartMessageMoveTask', JSON.stringify({ SourceArn: arn, DestinationArn: arn })),
      callJson(server, 'ListMessageMoveTasks', JSON.stringify({ SourceArn: arn })),
      callJson(server, 'CreateQueue', JSON.stringify({ QueueName: 'new', Attributes: redrive })),
    ])
    for (const { status } of attempts) expect(status >= 400 && status < 500).toBe(true)
  }
  expect(visits).toBe(0)
  const strangers = [...destinations].filter((place) => place !== host && !place.startsWith('socket /'))
  expect(strangers).toEqual([])
  // The watch sees what there is to see.
  expect([...destinations].length).toBeGreaterThan(0)
  await fetch(`http://127.0.0.1:${trapPort}/`).catch(() => undefined)
  expect([...destinations]).toContain(`127.0.0.1:${trapPort}`)
  expect(visits).toBe(1)
})
