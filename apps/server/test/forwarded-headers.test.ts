import { afterEach, describe, expect, it } from '@jest/globals'
import { startTestServer, type TestServer } from './helpers/start-test-server.ts'

let server: TestServer
afterEach(() => server.stop())

const FORWARDED = { 'x-forwarded-host': 'queues.example', 'x-forwarded-proto': 'https' }

/** The URL of a new queue, as a caller behind a proxy is told it. */
async function queueUrl(env: Record<string, string>): Promise<string> {
  server = await startTestServer(env)
  const response = await fetch(server.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'AmazonSQS.CreateQueue',
      ...FORWARDED,
    },
    body: '{"QueueName":"forwarded"}',
  })
  return ((await response.json()) as { QueueUrl: string }).QueueUrl
}

describe('the headers of a proxy', () => {
  it('are believed from a trusted one: queue URLs start with the address that the client used', async () => {
    const url = await queueUrl({ STANCHION_TRUSTED_PROXIES: '10.0.0.0/8, 127.0.0.1' })
    expect(url).toBe('https://queues.example/000000000000/forwarded')
  })

  it.each([
    ['nobody is trusted', {}],
    ['another one is trusted', { STANCHION_TRUSTED_PROXIES: '10.0.0.0/8' }],
  ] as [string, Record<string, string>][])('are not believed while %s', async (_name, env) => {
    expect(await queueUrl(env)).toBe(`${server.url}/000000000000/forwarded`)
  })

  it('come after the public URL', async () => {
    const url = await queueUrl({
      STANCHION_TRUSTED_PROXIES: '127.0.0.1',
      STANCHION_PUBLIC_URL: 'https://public.example/q',
    })
    expect(url).toBe('https://public.example/q/000000000000/forwarded')
  })
})
