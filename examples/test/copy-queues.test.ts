import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals'
import { type ServerProcess, startProgram, startServerProcess } from '@stanchion/testing'

const COPY = fileURLToPath(new URL('../aws-sdk/copy-queues.ts', import.meta.url))

jest.setTimeout(60_000)

let source: ServerProcess
let target: ServerProcess
beforeAll(async () => {
  source = await startServerProcess()
  target = await startServerProcess()
})
afterAll(async () => {
  await source?.stop()
  await target?.stop()
})

const post = (path: string, body: object) =>
  fetch(`${source.url}/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

it('copies settings, tags and dead-letter queues, and moves what is in the queues, FIFO groups in order', async () => {
  await post('queues', { name: 'copy-dead' })
  await post('queues', {
    name: 'copy-orders',
    settings: { visibilityTimeoutSeconds: 45, retentionSeconds: 600 },
    deadLetter: { queueName: 'copy-dead', receiveCountMax: 3 },
    tags: { team: 'billing' },
  })
  await post('queues', { name: 'copy-pay.fifo', kind: 'fifo', fifo: { contentBasedDeduplication: true } })
  await post('queues', { name: 'other' })
  const attributes = { n: { type: 'number', value: '1' } }
  await post('queues/copy-orders/messages', { body: 'a', attributes })
  const messages = Array.from({ length: 25 }, (_, i) => ({ body: `${i}`, groupId: 'g' }))
  await post('queues/copy-pay.fifo/messages/batch', { messages })

  const args = [COPY, '--from', source.url, '--to', target.url, '--prefix', 'copy-', '--messages']
  const env = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', AWS_REGION: 'us-east-1' }
  const program = startProgram(process.execPath, args, env)
  expect({ code: await program.exited, errors: program.errors() }).toEqual({ code: 0, errors: '' })
  expect(program.output()).toMatch(/copy-pay\.fifo → \S+, 25 messages moved\n.*3 queues\n$/s)

  expect(await target.get('/v1/queues/copy-orders')).toMatchObject({
    settings: { visibilityTimeoutSeconds: 45, retentionSeconds: 600 },
    deadLetter: { queueName: 'copy-dead', receiveCountMax: 3 },
    tags: { team: 'billing' },
  })
  expect(await target.get('/v1/queues/copy-orders/messages?state=ready')).toMatchObject({
    messages: [{ body: 'a', attributes }],
  })
  const moved = (await target.get('/v1/queues/copy-pay.fifo/messages?state=ready&limit=100')) as {
    messages: { body: string }[]
  }
  expect(moved.messages.map(({ body }) => body)).toEqual(messages.map(({ body }) => body))
  expect(await source.get('/v1/queues/copy-pay.fifo/counts')).toMatchObject({ visible: 0, inFlight: 0 })
  expect(await target.get('/v1/queues/other')).toMatchObject({ code: 'queueNotFound' })
})
