import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { type ServerProcess, startProgram, startServerProcess } from '@stanchion/testing'

const WALK = fileURLToPath(new URL('../curl/walk.sh', import.meta.url))

// Each test starts processes, which takes its time on a machine that is busy with other tests.
jest.setTimeout(30_000)

let server: ServerProcess

beforeAll(async () => {
  server = await startServerProcess()
})

afterAll(() => server.stop())

async function walk(url: string) {
  const program = startProgram('sh', [WALK, url])
  return { code: await program.exited, output: program.output(), errors: program.errors() }
}

describe('examples/curl', () => {
  it('walks through the REST API to its end and leaves nothing behind', async () => {
    const { code, output, errors } = await walk(server.url)
    expect(errors).toBe('')
    expect(code).toBe(0)
    expect(output).toMatch(/# That was the walk\.\n$/)
    expect(await server.get('/v1/queues')).toEqual({ queues: [] })
  })

  it('prints calls that work when they are pasted', async () => {
    const { output } = await walk(server.url)
    const call = /^\$ (curl .*\/v1\/queues .*)$/m.exec(output)?.[1] ?? ''
    const pasted = startProgram('sh', ['-c', call])
    expect(await pasted.exited).toBe(0)
    expect(pasted.output()).toMatch(/^\{"name":"walk-\d+"/)
  })

  it('ends with an error at an answer that is not the expected one', async () => {
    const other = createServer((_request, response) => response.end('{}')).listen(0, '127.0.0.1')
    try {
      await once(other, 'listening')
      const { code, errors } = await walk(`http://127.0.0.1:${(other.address() as AddressInfo).port}`)
      expect(code).toBe(1)
      expect(errors).toBe('walk.sh: expected status 201, got 200\n')
    } finally {
      other.close()
    }
  })

  it('ends with an error when nobody listens', async () => {
    const { code, errors } = await walk('http://127.0.0.1:1')
    expect(code).toBe(1)
    expect(errors).toContain('walk.sh: curl could not reach http://127.0.0.1:1\n')
  })
})
