import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createQueueWithLeases, receive } from './helpers/filled-queue.ts'
import { RestClient } from './helpers/rest-client.ts'
import { startTestServer, type TestServer } from './helpers/start-test-server.ts'

let server: TestServer
let rest: RestClient

beforeAll(async () => {
  server = await startTestServer()
  rest = new RestClient(server)
})

afterAll(() => server.stop())

let queues = 0
/** A queue of its own with one leased message per body, and the addresses of the leases. */
async function setup(...bodies: string[]) {
  queues += 1
  const queue = `leases-${queues}`
  const messages = await createQueueWithLeases(rest, queue, ...bodies)
  const handles = messages.map((message) => message.receiptHandle)
  const base = `/v1/queues/${queue}/leases`
  return { queue, base, handles, leases: handles.map((handle) => `${base}/${handle}`) }
}

/** Changes the last letter but two: the last ones may hold unused bits. */
function altered(handle = ''): string {
  return `${handle.slice(0, -3)}${handle.at(-3) === 'A' ? 'B' : 'A'}${handle.slice(-2)}`
}

async function countsOf(queue: string) {
  return (await rest.get(`/v1/queues/${queue}/counts`)).body
}

describe('DELETE /v1/queues/{queue}/leases/{receiptHandle}', () => {
  it('G5 204: deletes the message, and again without effect', async () => {
    const { queue, leases } = await setup('a')
    expect((await rest.delete(`${leases[0]}`)).status).toBe(204)
    expect((await rest.delete(`${leases[0]}`)).status).toBe(204)
    expect(await countsOf(queue)).toMatchObject({ visible: 0, inFlight: 0 })
  })

  it('G9 204: a superseded handle has no effect', async () => {
    const { queue, leases } = await setup('a')
    await rest.post(`${leases[0]}/release`)
    expect(await receive(rest, queue)).toHaveLength(1)
    expect((await rest.delete(`${leases[0]}`)).status).toBe(204)
    expect(await countsOf(queue)).toMatchObject({ inFlight: 1 })
  })

  it.each(['x', 'AQEB', '%20', '%00', 'ü', 'x'.repeat(2_000)])('G9 400: refuses the handle %s', async (handle) => {
    const { queue, base } = await setup('a')
    expect(await rest.delete(`${base}/${encodeURI(handle)}`)).toMatchObject({
      status: 400,
      body: { code: 'invalidReceiptHandle' },
    })
    expect(await countsOf(queue)).toMatchObject({ inFlight: 1 })
  })

  it('G9 400: refuses an altered handle and the handle of another queue', async () => {
    const one = await setup('a')
    const other = await setup('b')
    for (const lease of [altered(one.leases[0]), `${other.base}/${one.handles[0]}`]) {
      expect(await rest.delete(lease)).toMatchObject({ status: 400, body: { code: 'invalidReceiptHandle' } })
    }
    expect([await countsOf(one.queue), await countsOf(other.queue)]).toMatchObject([{ inFlight: 1 }, { inFlight: 1 }])
  })

  it('404: knows no queue of this name', async () => {
    const { handles } = await setup('a')
    expect((await rest.delete(`/v1/queues/leases-none/leases/${handles[0]}`)).status).toBe(404)
  })
})

describe('POST /v1/queues/{queue}/leases/{receiptHandle}/extend', () => {
  it('204: gives the delivery a new visibility timeout', async () => {
    const { queue, leases } = await setup('a')
    expect((await rest.post(`${leases[0]}/extend`, { visibilityTimeoutSeconds: 1 })).status).toBe(204)
    expect(await receive(rest, queue, { waitSeconds: 10 })).toMatchObject([{ body: 'a', receiveCount: 2 }])
  })

  it('400: refuses a timeout out of its range, and a total of more than a year', async () => {
    const { leases } = await setup('a')
    for (const [seconds, code] of [
      [-1, 'invalidArgument'],
      [31_536_001, 'invalidArgument'],
      [31_536_000, 'visibilityTimeoutTooLong'],
    ]) {
      const answer = await rest.post(`${leases[0]}/extend`, { visibilityTimeoutSeconds: seconds })
      expect(answer).toMatchObject({ status: 400, body: { code } })
    }
  })

  it('G9 400: refuses an altered handle', async () => {
    const { leases } = await setup('a')
    const answer = await rest.post(`${altered(leases[0])}/extend`, { visibilityTimeoutSeconds: 1 })
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalidReceiptHandle' } })
  })

  it('G9 409: a handle whose message is deleted, or delivered again, changes nothing', async () => {
    const { queue, leases } = await setup('deleted', 'delivered again')
    await rest.delete(`${leases[0]}`)
    await rest.post(`${leases[1]}/release`)
    await receive(rest, queue)
    for (const lease of leases) {
      const answer = await rest.post(`${lease}/extend`, { visibilityTimeoutSeconds: 0 })
      expect(answer).toMatchObject({ status: 409, body: { code: 'messageNotLeased' } })
    }
    expect(await countsOf(queue)).toMatchObject({ visible: 0, inFlight: 1 })
  })

  it('404: knows no queue of this name', async () => {
    const { handles } = await setup('a')
    const path = `/v1/queues/leases-none/leases/${handles[0]}/extend`
    expect((await rest.post(path, { visibilityTimeoutSeconds: 1 })).status).toBe(404)
  })
})

describe('POST /v1/queues/{queue}/leases/{receiptHandle}/release', () => {
  it('204: lets the message be received at once', async () => {
    const { queue, leases } = await setup('a')
    expect((await rest.post(`${leases[0]}/release`)).status).toBe(204)
    expect(await receive(rest, queue)).toMatchObject([{ body: 'a', receiveCount: 2 }])
  })

  it('400: refuses an altered handle', async () => {
    const { leases } = await setup('a')
    expect((await rest.post(`${altered(leases[0])}/release`)).body.code).toBe('invalidReceiptHandle')
  })

  it('409: a handle whose message is deleted releases nothing', async () => {
    const { leases } = await setup('a')
    await rest.delete(`${leases[0]}`)
    expect(await rest.post(`${leases[0]}/release`)).toMatchObject({ status: 409, body: { code: 'messageNotLeased' } })
  })

  it('404: knows no queue of this name', async () => {
    const { handles } = await setup('a')
    expect((await rest.post(`/v1/queues/leases-none/leases/${handles[0]}/release`)).status).toBe(404)
  })
})

describe.each(['delete', 'extend', 'release'] as const)('POST /v1/queues/{queue}/leases/%s', (verb) => {
  const bodyOf = (handles: readonly string[]) =>
    verb === 'extend'
      ? { leases: handles.map((receiptHandle) => ({ receiptHandle, visibilityTimeoutSeconds: 700 })) }
      : { receiptHandles: handles }

  it('G22 200: answers each handle in its order, and a bad one harms no neighbour', async () => {
    const { queue, base, handles } = await setup('a', 'b', 'c')
    const [a = '', b = '', c = ''] = handles
    const { status, body } = await rest.post(`${base}/${verb}`, bodyOf([a, altered(b), '', c]))
    expect(status).toBe(200)
    const codes = (body.results as { error?: { code: string } }[]).map((result) => result.error?.code)
    expect(codes).toEqual([undefined, 'invalidReceiptHandle', 'invalidReceiptHandle', undefined])
    const expected = {
      delete: { visible: 0, inFlight: 1 },
      extend: { visible: 0, inFlight: 3 },
      release: { visible: 2, inFlight: 1 },
    }
    expect(await countsOf(queue)).toMatchObject(expected[verb])
  })

  it.each([0, 1_001])('400: refuses %d handles and changes nothing', async (count) => {
    const { queue, base, handles } = await setup('a')
    const answer = await rest.post(`${base}/${verb}`, bodyOf(Array.from({ length: count }, () => handles[0] ?? '')))
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalidArgument' } })
    expect(await countsOf(queue)).toMatchObject({ inFlight: 1 })
  })

  it('404: knows no queue of this name', async () => {
    const { handles } = await setup('a')
    expect((await rest.post(`/v1/queues/leases-none/leases/${verb}`, bodyOf(handles))).status).toBe(404)
  })
})

describe('POST /v1/queues/{queue}/leases/extend', () => {
  it('200: a timeout out of its range fails its own entry alone', async () => {
    const { base, handles } = await setup('a', 'b')
    const leases = [-1, 60].map((visibilityTimeoutSeconds, index) => ({
      receiptHandle: handles[index],
      visibilityTimeoutSeconds,
    }))
    const { status, body } = await rest.post(`${base}/extend`, { leases })
    expect(status).toBe(200)
    expect(body.results).toMatchObject([{ error: { code: 'invalidArgument' } }, {}])
  })
})
