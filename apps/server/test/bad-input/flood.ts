import { once } from 'node:events'
import { connect } from 'node:net'
import { bombs, misaddressed } from './bombs.ts'
import { rawShapes } from './raw-shapes.ts'
import { sendRaw } from './raw-wire.ts'
import { Connections } from './wire.ts'

const CONCURRENCY = 20
/** Each of them is work for a tenth of a second. */
const BOMBS_AT_ONCE = 2
const SILENT = 300
const HALF_BODIES = 200
const POLLS = 100
const HALF_BODY = 'x'.repeat(64 * 1_024)
const HOST = 'Host: localhost\r\n'
const JSON_TYPE = 'Content-Type: application/json\r\n'

/** What a flood is aimed at. */
export interface FloodTarget {
  readonly url: string
  readonly queue: string
  readonly handle: string
}

/** Everything bad at once: bytes that are no requests, bombs, requests for nothing, and connections that are left in every state. */
export async function flood({ url, queue, handle }: FloodTarget): Promise<void> {
  const connections = new Connections(url, CONCURRENCY)
  const aim = { queue, handle }
  const poll = `POST /v1/queues/${queue}/receive HTTP/1.1\r\n${HOST}${JSON_TYPE}Content-Length: 18\r\n\r\n{"waitSeconds":20}`
  const half = `POST /v1/queues/${queue}/messages HTTP/1.1\r\n${HOST}${JSON_TYPE}Content-Length: 1000000\r\n\r\n${HALF_BODY}`
  try {
    await Promise.all([
      atOnce(CONCURRENCY, rawShapes(), ({ bytes }) => sendRaw(url, bytes)),
      atOnce(CONCURRENCY, misaddressed(aim), ({ request }) => connections.send(request)),
      atOnce(BOMBS_AT_ONCE, bombs(aim), ({ request }) => connections.send(request)),
      leave(url, SILENT, ''),
      leave(url, HALF_BODIES, half),
      leave(url, POLLS, poll),
    ])
  } finally {
    connections.close()
  }
}

/** Does it with each, some at a time. */
async function atOnce<T>(count: number, items: readonly T[], act: (item: T) => Promise<unknown>): Promise<void> {
  const rest = items.values()
  const work = async () => {
    for (const item of rest) await act(item)
  }
  await Promise.all(Array.from({ length: count }, work))
}

/** Opens so many connections, says the same over each, and goes away without a word. */
async function leave(url: string, count: number, bytes: string): Promise<void> {
  const sockets = Array.from({ length: count }, () => connect(Number(new URL(url).port), '127.0.0.1'))
  await Promise.all(
    sockets.map(async (socket) => {
      await once(socket, 'connect')
      await new Promise((resolve) => socket.write(bytes, resolve))
    }),
  )
  for (const socket of sockets) socket.destroy()
}
