import { connect } from 'node:net'

/** An answer as it came over a connection of which nobody knew what it would say. */
export interface RawAnswer {
  readonly status: number
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What came over a connection until the server ended it. */
export interface RawAnswers {
  readonly answers: readonly RawAnswer[]
  readonly tookMs: number
}

/**
 * Writes bytes over a connection of its own and waits until the server ends it. An end by force is an end, too.
 * @throws Error when what came is not a sequence of whole answers
 */
export function sendRaw(url: string, bytes: string | Buffer): Promise<RawAnswers> {
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswers>()
  const startedAtMs = performance.now()
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  let text = ''
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    text += chunk
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    try {
      resolve({ answers: parseAnswers(text), tookMs: performance.now() - startedAtMs })
    } catch (error) {
      reject(error)
    }
  })
  socket.write(bytes)
  return promise
}

/** A body in chunks of which there is none. */
const NO_CHUNKS = '0\r\n\r\n'

/** Takes a text apart into answers, each as long as it says. @throws Error when something is left, or missing */
export function parseAnswers(text: string): RawAnswer[] {
  const answers: RawAnswer[] = []
  let rest = text
  while (rest !== '') {
    const end = rest.indexOf('\r\n\r\n')
    const [statusLine = '', ...lines] = rest.slice(0, end).split('\r\n')
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1])
    if (end < 0 || Number.isNaN(status)) throw new Error(`no answer: ${rest.slice(0, 200)}`)
    const headers = Object.fromEntries(
      lines.map((line) => {
        const colon = line.indexOf(':')
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
      }),
    )
    const isEmptyInChunks = headers['transfer-encoding'] === 'chunked' && rest.startsWith(NO_CHUNKS, end + 4)
    // Interim answers have neither a body nor a length.
    const bodyEnd = end + 4 + Number(isEmptyInChunks ? NO_CHUNKS.length : (headers['content-length'] ?? 0))
    if (bodyEnd > rest.length) throw new Error(`an answer that breaks off: ${rest.slice(0, 200)}`)
    answers.push({ status, headers, body: isEmptyInChunks ? '' : rest.slice(end + 4, bodyEnd) })
    rest = rest.slice(bodyEnd)
  }
  return answers
}
