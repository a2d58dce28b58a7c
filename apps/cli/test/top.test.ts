import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type ServerProcess, startServerProcess } from '@stanchion/testing'
import { cli, objects } from './helpers/cli.ts'

let server: ServerProcess
beforeAll(async () => {
  server = await startServerProcess({ STANCHION_STATISTICS_INTERVAL_MS: '50' })
  for (const name of ['top-a', 'top-b', 'top-c']) await cli(['queue', 'create', name], { url: server.url })
  await cli(['message', 'send', 'top-b', '--lines'], { url: server.url, input: '1\n2\n3' })
  await cli(['message', 'send', 'top-c', 'x'], { url: server.url })
})
afterAll(() => server?.stop())

test('top puts the queues with the most messages first, as a table where nobody watches', async () => {
  const top = (...args: string[]) => cli(['top', ...args], { url: server.url })
  const names = async () => objects((await top('--rows', '2', '-o', 'ndjson')).out).map(({ name }) => name)
  // The numbers are kept, not counted, so they follow a moment later.
  while ((await names()).join() !== 'top-b,top-c');
  const { out, code } = await top('--once', '--prefix', 'top-')
  expect(code).toBe(0)
  expect(out.split('\n').map((line) => line.split(/ +/)[0])).toEqual(['NAME', 'top-b', 'top-c', 'top-a', ''])
})
