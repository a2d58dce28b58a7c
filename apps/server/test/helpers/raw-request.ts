import { connect, type Socket } from 'node:net'

/** Writes bytes to a server and answers everything it sends until it ends the connection. */
export function rawRequest(url: string, text: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const socket: Socket = connect(Number(new URL(url).port), '127.0.0.1')
  let answer = ''
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => {
    answer += chunk
  })
  socket.on('close', () => resolve(answer))
  socket.on('error', reject)
  socket.write(text)
  return promise
}
