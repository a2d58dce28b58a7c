import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import { cli } from './helpers/cli.ts'

/** Answers every request like this, for as long as the work takes. */
async function answering(status: number, body: string, work: (url: string) => Promise<void>): Promise<void> {
  const http = createServer((_, response) => response.writeHead(status).end(body))
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  try {
    await work(`http://127.0.0.1:${(http.address() as AddressInfo).port}`)
  } finally {
    http.close()
  }
}

describe('when something is wrong', () => {
  test('a server that is not there: how to start one, exit code 1', async () => {
    const { code, err } = await cli(['queue', 'list', '--timeout-seconds', '1'], { url: 'http://127.0.0.1:47' })
    expect(code).toBe(1)
    expect(err).toMatch(/^Error: The server did not answer: .*\nStart the server/)
  })

  test('an address that is none: exit code 2', async () => {
    for (const url of ['nonsense', 'ftp://x']) {
      const { code, err } = await cli(['queue', 'list', '--url', url])
      expect(code).toBe(2)
      expect(err).toMatch(/^Error: The server cannot be called/)
    }
  })

  test('something else that answers there is called so', async () => {
    await answering(404, '<html>', async (url) => {
      const { code, err } = await cli(['queue', 'list'], { url })
      expect(code).toBe(1)
      expect(err).toContain('Something else than Stanchion answers there')
    })
  })

  test('an outcome that is not known has an exit code of its own, and says so', async () => {
    await answering(502, 'bad gateway', async (url) => {
      const { code, err } = await cli(['message', 'send', 'orders', 'x', '--timeout-seconds', '1'], { url })
      expect(code).toBe(3)
      expect(err).toContain('may have taken effect')
    })
  })
})

describe('help', () => {
  test('is shown without words, with a wrong word a near one is named', async () => {
    expect(await cli(['--help'])).toMatchObject({ code: 0, out: expect.stringContaining('Exit codes') })
    expect(await cli([])).toMatchObject({ code: 2, err: expect.stringContaining('Commands:') })
    expect(await cli(['queue', 'craete', 'x'])).toMatchObject({ code: 2, err: expect.stringContaining('create') })
  })
})
