import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Requests of one connection that wait for their turn; one more ends it. */
export const PIPELINED_MAX = 128

/**
 * Requests that a client sends without waiting for answers are served one after the other. Answers have to go out in their order anyway;
 * made all at once they would be kept until the client reads, and a small packet of requests can ask for a gigabyte of them. The
 * requests themselves are kept, so their number has an end as well. Whoever waits has had no effect when the connection ends.
 *
 * And nobody is served whose connection takes no answer any more: a server that was busy for long refuses an idle connection as too slow
 * before it reads what has arrived there meanwhile, and its client takes the refusal for the answer to that.
 */
export function serveInTurn(server: Server): void {
  const listeners = server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[]
  const waiting = new WeakMap<Socket, number>()
  server.removeAllListeners('request')
  server.on('request', (request, response) => {
    const serve = () => {
      for (const listener of listeners) listener.call(server, request, response)
    }
    if (!request.socket.writable) return
    // Node gives a response the connection when those before it have been written.
    if (response.socket !== null) {
      serve()
      return
    }
    const { socket } = request
    const count = (waiting.get(socket) ?? 0) + 1
    waiting.set(socket, count)
    if (count > PIPELINED_MAX) socket.destroy()
    response.once('socket', () => {
      waiting.set(socket, (waiting.get(socket) ?? 1) - 1)
      serve()
    })
  })
}
