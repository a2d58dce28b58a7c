import { once } from 'node:events'
import type { Server } from 'node:http'
import { connect, type Socket } from 'node:net'
import { parseAnswers, type RawAnswer } from '../bad-input/raw-wire.ts'

/** A connection with both of its ends. */
export interface Connection {
  readonly socket: Socket
  readonly accepted: Socket
  /** What has come so far. */
  text(): string
  readonly closed: Promise<unknown>
  write(bytes: string): void
  /** Until the server has read so much of it. */
  untilRead(bytes: number): Promise<void>
  untilAnswers(count: number): Promise<readonly RawAnswer[]>
}

/** Opens one to a server of this process. */
export async function open({ server, port }: { readonly server: Server; readonly port: number }): Promise<Connection> {
  const accepting = once(server, 'connection') as Promise<[Socket]>
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    text += chunk
  })
  socket.on('error', () => undefined)
  socket.setNoDelay()
  const closed = once(socket, 'close').catch(() => undefined)
  const [accepted] = await accepting
  return {
    socket,
    accepted,
    text: () => text,
    closed,
    write: (bytes) => socket.write(bytes, 'latin1'),
    async untilRead(bytes) {
      while (accepted.bytesRead < bytes) await turn()
    },
    async untilAnswers(count) {
      for (;;) {
        const answers = text.split('HTTP/1.1 ').length - 1
        if (answers >= count) {
          try {
            return parseAnswers(text)
          } catch {
            // The last one is on its way.
          }
        }
        await turn()
      }
    },
  }
}

/** A `POST /` with nothing unusual but these headers. */
export function plainRequest(body: string, ...headers: string[]): string {
  const lines = ['POST / HTTP/1.1', 'Host: localhost', `Content-Length: ${body.length}`, ...headers]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}

/** One turn of the event loop. */
export const turn = () => new Promise((resolve) => setImmediate(resolve))
