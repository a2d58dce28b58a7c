import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { watchResponse } from '../src/http/connection-watch.ts'
import { receiveWhileConnected } from '../src/http/receive-while-connected.ts'
import { startTestServer, type TestServer } from './helpers/start-test-server.ts'

const QUEUE = { accountId: '000000000000', name: 'gone' }

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
  await server.engine.createQueue(QUEUE)
})

afterAll(() => server.stop())

describe('receiveWhileConnected', () => {
  it('G29 releases what was leased to a connection that ended before its response was written', async () => {
    await server.engine.sendMessages(QUEUE, [{ body: 'x' }])
    const response = new ServerResponse(new IncomingMessage(new Socket()))
    const leased = await receiveWhileConnected(server.engine, QUEUE, { maxMessages: 1 }, watchResponse(response))
    expect(leased).toMatchObject([{ body: 'x', receiveCount: 1 }])
    response.emit('close')
    const again = await server.engine.receiveMessages(QUEUE, { maxMessages: 1, waitSeconds: 5 })
    expect(again).toMatchObject([{ body: 'x', receiveCount: 2 }])
  })
})
