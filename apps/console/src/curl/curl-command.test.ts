import { execFile } from 'node:child_process'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type CurlCall, curlCommand, restPath } from './curl-command.ts'

interface Arrived {
  readonly method: string | undefined
  readonly path: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

let baseUrl: string
let arrived: Arrived | undefined
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  arrived = {
    method: request.method,
    path: request.url,
    headers: request.headers,
    body: Buffer.concat(chunks).toString(),
  }
  response.end()
})
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

/** Runs a command as a person would paste it, and answers what arrived. */
async function run(call: Omit<CurlCall, 'baseUrl'>): Promise<Arrived> {
  arrived = undefined
  await promisify(execFile)('sh', ['-c', curlCommand({ baseUrl, ...call })], {
    env: { ...process.env, STANCHION_KEY: 'SKABC.s3cr3t' },
  })
  if (arrived === undefined) throw new Error('nothing arrived')
  return arrived
}

describe('curl commands', () => {
  it('send the method, the address, the key and the body', async () => {
    const path = restPath('/v1/queues/{queue}/messages', { queue: 'orders.fifo' })
    const call = await run({ method: 'POST', path, body: { body: 'a', groupId: 'g' }, needsKey: true })
    expect(call).toMatchObject({
      method: 'POST',
      path: '/v1/queues/orders.fifo/messages',
      body: '{"body":"a","groupId":"g"}',
    })
    expect(call.headers['content-type']).toBe('application/json')
    expect(call.headers.authorization).toBe('Bearer SKABC.s3cr3t')
  })

  it.each(['DELETE', 'POST', 'GET'] as const)(
    'of %s without a body send none and no key where none is asked for',
    async (method) => {
      const call = await run({ method, path: '/v1/queues/orders', needsKey: false })
      expect(call).toMatchObject({ method, path: '/v1/queues/orders', body: '' })
      expect(call.headers.authorization).toBeUndefined()
      expect(call.headers['content-type']).toBeUndefined()
    },
  )

  it('of PATCH with a body are a PATCH', async () => {
    expect(
      await run({ method: 'PATCH', path: '/v1/queues/orders', body: { tags: {} }, needsKey: false }),
    ).toMatchObject({
      method: 'PATCH',
      body: '{"tags":{}}',
    })
  })

  it('send whatever a body holds, byte for byte: quotes, variables, line breaks, @ and Unicode', async () => {
    const nasty = fc.array(
      fc.constantFrom("'", '"', '\\', '$HOME', '`id`', '!', '\n', '\t', '@', '%', '&', ';', 'é', '😀', ' '),
    )
    await fc.assert(
      fc.asyncProperty(nasty, async (parts) => {
        const body = { body: `@${parts.join('')}` }
        expect(JSON.parse((await run({ method: 'POST', path: '/x', body, needsKey: false })).body)).toEqual(body)
      }),
      { numRuns: 20 },
    )
  })

  it('encode what stands in the address', () => {
    expect(restPath('/v1/queues/{queue}/leases/{receiptHandle}', { queue: 'a', receiptHandle: 'x/y+z=' })).toBe(
      '/v1/queues/a/leases/x%2Fy%2Bz%3D',
    )
    expect(() => restPath('/v1/queues/{queue}', {})).toThrow('needs queue')
  })
})
