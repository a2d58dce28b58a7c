import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { type HttpProblemCode, PROBLEM_CONTENT_TYPE, PROBLEMS, toProblem } from './problem.ts'

const CODES: Readonly<Record<string, HttpProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headersTooLarge',
  ERR_HTTP_REQUEST_TIMEOUT: 'requestTimeout',
}

/** Answers bytes that are no HTTP request, or not a whole one in time, and ends the connection. */
export function handleClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const code = CODES[error.code ?? ''] ?? 'invalidRequest'
  const { status, title } = PROBLEMS[code]
  const body = JSON.stringify(toProblem(code, `${title}.`, randomUUID()))
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\nContent-Type: ${PROBLEM_CONTENT_TYPE}\r\nX-Content-Type-Options: nosniff\r\n` +
      `Connection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
