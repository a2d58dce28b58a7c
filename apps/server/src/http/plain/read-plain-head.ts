import type { IncomingHttpHeaders } from 'node:http'

/** The request line and the headers of a request that has nothing unusual. */
export interface PlainHead {
  /** By lower-case name. */
  readonly headers: IncomingHttpHeaders
  /** Names and values in turns, as they came. */
  readonly rawHeaders: string[]
  /** From the first byte to the last one of the empty line. */
  readonly headBytes: number
  readonly bodyBytes: number
}

const REQUEST_LINE = 'POST / HTTP/1.1\r\n'
const HEAD_END = Buffer.from('\r\n\r\n')
/** Half of what Node's parser takes: which of the two refuses a long head must not depend on who reads it. */
const HEAD_BYTES_MAX = 8_192
/** Names are tokens, and values have no control characters (RFC 9112, 5): each line can be read in one way only. */
const HEADER_LINES = /^(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*\r\n)+$/
/** What changes how a request is read or answered. */
const UNUSUAL = ['transfer-encoding', 'expect', 'upgrade', 'proxy-connection']
const LENGTH = /^\d{1,9}$/

/**
 * Reads the head of a `POST /` whose body has a length, at the start of these bytes. Answers `undefined` when it is not all there, or when
 * anything about it leaves a choice: a name that comes twice, white space in the wrong place, a connection that is to end.
 * What this takes, Node's parser takes and reads in the same way; it only takes a small part of that.
 */
export function readPlainHead(bytes: Buffer): PlainHead | undefined {
  const headersEnd = bytes.indexOf(HEAD_END) + 2
  if (headersEnd < REQUEST_LINE.length || headersEnd > HEAD_BYTES_MAX) return undefined
  const text = bytes.toString('latin1', 0, headersEnd)
  if (!text.startsWith(REQUEST_LINE) || !HEADER_LINES.test(text.slice(REQUEST_LINE.length))) return undefined
  const headers: IncomingHttpHeaders = {}
  const rawHeaders: string[] = []
  for (let start = REQUEST_LINE.length; start < headersEnd; ) {
    const colon = text.indexOf(':', start)
    const end = text.indexOf('\r\n', colon)
    const rawName = text.slice(start, colon)
    const name = rawName.toLowerCase()
    if (headers[name] !== undefined) return undefined
    const value = trimmed(text, colon + 1, end)
    headers[name] = value
    rawHeaders.push(rawName, value)
    start = end + 2
  }
  const { host, connection, 'content-length': length } = headers
  if (host === undefined || length === undefined || !LENGTH.test(length)) return undefined
  if (connection !== undefined && connection.toLowerCase() !== 'keep-alive') return undefined
  if (UNUSUAL.some((name) => headers[name] !== undefined)) return undefined
  return { headers, rawHeaders, headBytes: headersEnd + 2, bodyBytes: Number(length) }
}

/** Without the blanks around it; what else `trim` takes away belongs to a value. */
function trimmed(text: string, start: number, end: number): string {
  let first = start
  let last = end
  while (first < last && isBlank(text.charCodeAt(first))) first += 1
  while (last > first && isBlank(text.charCodeAt(last - 1))) last -= 1
  return text.slice(first, last)
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}
