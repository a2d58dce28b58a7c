import { STATUS_CODES } from 'node:http'

let dateSecond = 0
let date = ''

/**
 * The head of an answer, up to the empty line. The headers are names and values in turns, which the caller vouches for: nothing that a
 * client sent may stand in them.
 * @param keepAliveSeconds `undefined`: the connection ends with this answer
 */
export function responseHead(
  status: number,
  headers: readonly string[],
  bodyBytes: number,
  keepAliveSeconds: number | undefined,
): string {
  let text = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`
  for (let i = 0; i < headers.length; i += 2) text += `${headers[i]}: ${headers[i + 1]}\r\n`
  const connection = keepAliveSeconds === undefined ? 'close' : `keep-alive\r\nKeep-Alive: timeout=${keepAliveSeconds}`
  return `${text}content-length: ${bodyBytes}\r\nDate: ${httpDate(Date.now())}\r\nConnection: ${connection}\r\n\r\n`
}

/** Made once a second. */
function httpDate(nowMs: number): string {
  const second = Math.floor(nowMs / 1_000)
  if (second !== dateSecond) {
    dateSecond = second
    date = new Date(nowMs).toUTCString()
  }
  return date
}
