import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from '@jest/globals'
import { readPlainHead } from '../src/http/plain/read-plain-head.ts'
import { open, plainRequest } from './helpers/open-connection.ts'

/** Pieces of which heads are made that are plain, or nearly so. */
const PIECES = [
  ...['POST / HTTP/1.1', 'POST /', ' HTTP/1.1', '\r\n', '\r', '\n', '\r\n\r\n', ':', ': ', ' ', '\t', '\x00', '\x7f'],
  ...[
    '\xe9',
    '\xa0',
    'Host',
    'Host: a',
    'Content-Length: 3',
    'Content-Length',
    '3',
    '+3',
    '03',
    'x',
    'X: y',
    '__proto__: z',
  ],
  ...[
    'Transfer-Encoding: chunked',
    'Connection: keep-alive',
    'Connection: close',
    'Keep-Alive: 3',
    'TE: trailers',
    ',',
    ';',
    '"',
  ],
]

it('whatever the door takes, Node takes and reads in the same way', async () => {
  const server = createServer(({ method, url, headers, rawHeaders }, response) => {
    response.end(JSON.stringify({ method, url, headers: { ...headers }, rawHeaders }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  // The same every time; the constants are those of Numerical Recipes.
  let state = 42
  const below = (count: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * count)
  }
  let taken = 0
  for (let attempt = 0; attempt < 60_000 && taken < 400; attempt += 1) {
    let text = plainRequest('abc', 'X-One: 1', 'X-Two: 2')
    for (let change = below(4); change >= 0; change -= 1) {
      const at = below(text.length)
      const cut = below(3) === 0 ? below(6) : 0
      text = text.slice(0, at) + PIECES[below(PIECES.length)] + text.slice(at + cut)
    }
    const bytes = Buffer.from(text, 'latin1')
    const head = readPlainHead(bytes)
    if (head === undefined || head.headBytes + head.bodyBytes > bytes.length) continue
    taken += 1
    const connection = await open({ server, port })
    connection.socket.write(bytes.subarray(0, head.headBytes + head.bodyBytes))
    const [answer] = await connection.untilAnswers(1)
    connection.socket.destroy()
    const body = JSON.parse(Buffer.from(answer?.body ?? '', 'latin1').toString() || 'null')
    expect({ text, ...answer, body }).toMatchObject({
      status: 200,
      body: {
        ...{ method: 'POST', url: '/', headers: { ...head.headers }, rawHeaders: head.rawHeaders },
      },
    })
  }
  expect(taken).toBe(400)
  server.close()
  server.closeAllConnections()
})
