import { deflateSync, gzipSync } from 'node:zlib'

/** Bytes that are no request, or one that two servers could read in two ways, and what may be said to them. */
export interface RawShape {
  readonly what: string
  /** Everything that goes over one connection. */
  readonly bytes: string | Buffer
  /** The statuses of all its answers, in order; nothing else may come, and the connection ends. */
  readonly statuses: readonly number[]
}

const MIB = 1_024 * 1_024
const HOST = 'Host: localhost\r\n'
/** A request that is the last of its connection. */
const LAST = `GET /livez HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`
/** Hidden in others: whoever reads it as a request deletes this queue. */
export const VICTIM = 'victim'
const HIDDEN = `DELETE /v1/queues/${VICTIM} HTTP/1.1\r\n${HOST}\r\n`

/** A way in: how a message is sent there, and what that is answered. */
interface Door {
  readonly name: string
  readonly line: string
  readonly headers: string
  readonly body: string
  readonly sent: number
}

/** Queues of every door, which hold as many messages as were answered. */
export const REST_QUEUE = 'raw-rest'
export const SQS_QUEUE = 'raw-sqs'

const DOORS: readonly Door[] = [
  {
    name: 'REST',
    line: `POST /v1/queues/${REST_QUEUE}/messages`,
    headers: `${HOST}Content-Type: application/json\r\n`,
    body: '{"body":"x"}',
    sent: 201,
  },
  {
    name: 'AWS JSON',
    line: 'POST /',
    headers: `${HOST}Content-Type: application/x-amz-json-1.0\r\nX-Amz-Target: AmazonSQS.SendMessage\r\n`,
    body: `{"QueueUrl":"${SQS_QUEUE}","MessageBody":"x"}`,
    sent: 200,
  },
  {
    name: 'Query',
    line: 'POST /',
    headers: `${HOST}Content-Type: application/x-www-form-urlencoded\r\n`,
    body: `Action=SendMessage&QueueUrl=${SQS_QUEUE}&MessageBody=x`,
    sent: 200,
  },
]

/** Requests with a body of which it is said in strange ways where it ends. */
function framing({ name, line, headers, body, sent }: Door): RawShape[] {
  const hex = body.length.toString(16)
  const chunked = `${hex}\r\n${body}\r\n0\r\n\r\n`
  const request = (more: string, content: string) => `${line} HTTP/1.1\r\n${headers}${more}\r\n${content}`
  /** Refused: what follows is not read. */
  const refused = (what: string, more: string, content: string, status = 400): RawShape => {
    return { what: `${name}: ${what}`, bytes: request(more, content) + HIDDEN, statuses: [status] }
  }
  /** One meaning alone: the message is stored, and the request behind it answered. */
  const taken = (what: string, more: string, content: string): RawShape => {
    return { what: `${name}: ${what}`, bytes: request(more, content) + LAST, statuses: [sent, 200] }
  }
  const CHUNKED = 'Transfer-Encoding: chunked\r\n'
  const length = (value: number | string) => `Content-Length: ${value}\r\n`
  return [
    refused('a length and chunks', length(body.length) + CHUNKED, `0\r\n\r\n`),
    refused('chunks and a length', CHUNKED + length(4), chunked),
    refused('two lengths that differ', length(body.length) + length(body.length + 1), body),
    refused('two lengths that are the same', length(body.length) + length(body.length), body),
    refused('a list of lengths', length(`${body.length}, ${body.length}`), body),
    refused('chunks that are not the last coding', 'Transfer-Encoding: chunked, identity\r\n', chunked),
    refused('chunks, and then none', `${CHUNKED}Transfer-Encoding: identity\r\n`, chunked),
    refused('a coding that is nearly chunks', 'Transfer-Encoding: xchunked\r\n', chunked),
    refused('a coding in quotes', 'Transfer-Encoding: "chunked"\r\n', chunked),
    refused('a coding behind a vertical tab', 'Transfer-Encoding: \x0bchunked\r\n', chunked),
    refused('a coding on a folded line', 'Transfer-Encoding:\r\n chunked\r\n', chunked),
    refused('a space before the colon of a coding', 'Transfer-Encoding : chunked\r\n', chunked),
    refused('a space before the colon of a length', `Content-Length : ${body.length}\r\n`, body),
    refused('a folded header', `X: a\r\n b\r\n${length(body.length)}`, body),
    refused('a header that ends with a line feed', `X: a\n${length(body.length)}`, body),
    refused('a carriage return within a header', `X: a\rContent-Length: 1\r\n${length(body.length)}`, body),
    refused('a NUL in a header', `X: a\0b\r\n${length(body.length)}`, body),
    refused('a NUL in a name', `X\0: a\r\n${length(body.length)}`, body),
    refused('a length below zero', length(-body.length), body),
    refused('a length with a plus', length(`+${body.length}`), body),
    refused('a length in hex', length(`0x${hex}`), body),
    refused('a length with an exponent', length('1e1'), body),
    refused('a length of two numbers', length('1 2'), body),
    refused('a length that is empty', length(''), body),
    refused('a length beyond all numbers', length('9'.repeat(25)), body),
    refused('a length just beyond the numbers of JavaScript', length('9007199254740993'), '', tooLarge(name)),
    refused('a length beyond the limit', length(8 * MIB + 1), '', tooLarge(name)),
    refused('a size of a chunk below zero', CHUNKED, `-1\r\n${body}\r\n0\r\n\r\n`),
    refused('a size of a chunk with a prefix', CHUNKED, `0x${hex}\r\n${body}\r\n0\r\n\r\n`),
    refused('a size of a chunk before a space', CHUNKED, `${hex} \r\n${body}\r\n0\r\n\r\n`),
    refused('a size of a chunk that overflows 64 bits', CHUNKED, `1000000000000000${hex}\r\n${body}\r\n0\r\n\r\n`),
    refused('a size of a chunk beyond all numbers', CHUNKED, `${'f'.repeat(40)}\r\n${body}\r\n0\r\n\r\n`),
    refused('chunks that end with line feeds', CHUNKED, `${hex}\n${body}\n0\n\n`),
    refused('a chunk that is longer than it says', CHUNKED, `${hex}\r\n${body}XX0\r\n\r\n`),
    refused('a line feed in the extension of a chunk', CHUNKED, `${hex};a\n${body}\r\n0\r\n\r\n`),
    refused('an extension of a chunk of 200 KB', CHUNKED, `${hex};${'a'.repeat(200_000)}\r\n${body}\r\n0\r\n\r\n`),
    refused('a length among the trailers', CHUNKED, `${hex}\r\n${body}\r\n0\r\nContent-Length: 5\r\n\r\n`),
    refused('300 KB of trailers', CHUNKED, `${hex}\r\n${body}\r\n0\r\n${'X: y\r\n'.repeat(50_000)}\r\n`, 431),
    taken('a length with zeros before it', length(`0000${body.length}`), body),
    taken('chunks in capitals', 'Transfer-Encoding: CHUNKED\r\n', chunked),
    taken('chunks behind a tab', 'Transfer-Encoding:\tchunked\r\n', chunked),
    taken('an underscore in place of a hyphen', `Transfer_Encoding: chunked\r\n${length(body.length)}`, body),
    taken('an extension of a chunk', CHUNKED, `${hex};a=b\r\n${body}\r\n0\r\n\r\n`),
    taken('a trailer', CHUNKED, `${hex}\r\n${body}\r\n0\r\nX: y\r\n\r\n`),
    {
      ...taken('a body for which it waits to be asked', `Expect: 100-continue\r\n${length(body.length)}`, body),
      statuses: [100, sent, 200],
    },
    {
      ...taken('an expectation that nobody can meet', `Expect: 200-ok\r\n${length(body.length)}`, body),
      statuses: [417],
    },
    {
      what: `${name}: a request in a body of HTTP/1.0 with chunks`,
      bytes: `${line} HTTP/1.0\r\n${headers}${CHUNKED}\r\n${chunked}${HIDDEN}`,
      statuses: [sent],
    },
    {
      what: `${name}: line feeds alone`,
      bytes: `${line} HTTP/1.1\n${headers.replaceAll('\r\n', '\n')}Content-Length: ${body.length}\n\n${body}${HIDDEN}`,
      statuses: [400],
    },
    ...(name === 'REST' ? [] : [sqsBomb(name, request)]),
  ]
}

/** REST knows a status for it, SQS does not. */
function tooLarge(door: string): number {
  return door === 'REST' ? 413 : 400
}

/** 64 MiB in 64 KB: nobody unpacks it. */
const BOMB = gzipSync(Buffer.alloc(64 * MIB))

function sqsBomb(name: string, request: (more: string, content: string) => string): RawShape {
  const head = request(`Content-Encoding: gzip\r\nContent-Length: ${BOMB.length}\r\n`, '')
  return {
    what: `${name}: a gzip bomb`,
    bytes: Buffer.concat([Buffer.from(head), BOMB, Buffer.from(LAST)]),
    statuses: [400, 200],
  }
}

/** Compressed bodies of REST, which are refused as such. */
function compressed(): RawShape[] {
  const [rest] = DOORS as [Door, ...Door[]]
  const of = (what: string, coding: string, body: Buffer): RawShape => {
    const head = `${rest.line} HTTP/1.1\r\n${rest.headers}Content-Encoding: ${coding}\r\nContent-Length: ${body.length}\r\n\r\n`
    return { what, bytes: Buffer.concat([Buffer.from(head), body, Buffer.from(LAST)]), statuses: [415] }
  }
  return [
    of('a gzip bomb', 'gzip', BOMB),
    of('a body in gzip', 'gzip', gzipSync(rest.body)),
    of('a body in deflate', 'deflate', deflateSync(rest.body)),
    of('a body that is said to be in gzip and is not', 'GZIP', Buffer.from(rest.body)),
    { ...of('a body as it is, which is said', 'identity', Buffer.from(rest.body)), statuses: [201, 200] },
  ]
}

/** Beginnings of a request, and what has no body. */
function beginnings(): RawShape[] {
  const [rest] = DOORS as [Door, ...Door[]]
  const shape = (what: string, bytes: string | Buffer, ...statuses: number[]): RawShape => ({ what, bytes, statuses })
  const get = (more: string, target = '/livez') => `GET ${target} HTTP/1.1\r\n${HOST}${more}\r\n`
  const manyNames = Array.from({ length: 2_100 }, (_, i) => `a${i}:\r\n`).join('')
  const sized = `Content-Length: ${rest.body.length}\r\n\r\n${rest.body}`
  return [
    shape('HTTP/0.9', 'GET /livez\r\n\r\n', 403),
    shape('the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400),
    shape('HTTP/1.2', `GET /livez HTTP/1.2\r\n${HOST}\r\n`, 400),
    shape('HTTP/3.0', `GET /livez HTTP/3.0\r\n${HOST}\r\n`, 400),
    shape('http in small letters', `GET /livez http/1.1\r\n${HOST}\r\n`, 400),
    shape('the greeting of TLS', Buffer.from('16030100c8010000c40303', 'hex'), 400),
    shape('zeros', Buffer.alloc(10_000), 400),
    shape('a header before the first', `GET /livez HTTP/1.1\r\n X: a\r\n${HOST}\r\n`, 400),
    shape('a method that is none', `NONE /livez HTTP/1.1\r\n${HOST}\r\n`, 400),
    shape('a method of 100 KB', `${'A'.repeat(100_000)} / HTTP/1.1\r\n${HOST}\r\n`, 400),
    shape('an address of 20 KB', get('', `/${'a'.repeat(20_000)}`), 431),
    shape('a space in the address', get('', '/li vez'), 400),
    shape('a NUL in the address', get('', '/li\0vez'), 400),
    shape('a percent sign without a meaning', get('', '/v1/queues/%zz') + LAST, 400, 200),
    shape('no Host', 'GET /livez HTTP/1.1\r\n\r\n', 400),
    shape('no Host in HTTP/1.0', 'GET /livez HTTP/1.0\r\n\r\n', 403),
    shape('two hosts', get('Host: evil.example\r\n') + LAST, 403, 200),
    shape('the same host twice', get(HOST) + LAST, 403, 200),
    shape('a foreign host', `GET /livez HTTP/1.1\r\nHost: evil.example\r\n\r\n${LAST}`, 403, 200),
    shape('16 KiB of headers', get('a: b\r\n'.repeat(3_000)), 431),
    shape('thousands of headers before the Host', `${rest.line} HTTP/1.1\r\n${manyNames}${rest.headers}${sized}`, 431),
    shape('an address with a host', get('', 'http://localhost/livez') + LAST, 200, 200),
    shape('OPTIONS of everything', `OPTIONS * HTTP/1.1\r\n${HOST}\r\n${LAST}`, 404, 200),
    shape('TRACE', `TRACE /v1/queues HTTP/1.1\r\n${HOST}\r\n${LAST}`, 405, 200),
    shape('CONNECT', `CONNECT localhost:80 HTTP/1.1\r\n${HOST}\r\n${HIDDEN}`),
    shape(
      'a body of a GET that looks like a request',
      get(`Content-Length: ${HIDDEN.length}\r\n`) + HIDDEN + LAST,
      200,
      200,
    ),
    shape(
      'a body of a TRACE',
      `TRACE /v1/queues HTTP/1.1\r\n${HOST}Content-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}${LAST}`,
      405,
      200,
    ),
    shape('a request behind one that was refused', get('', '/nowhere') + LAST, 404, 200),
    shape(
      'a request behind a body that nobody wanted',
      `POST /v1/nowhere HTTP/1.1\r\n${rest.headers}${sized}${LAST}`,
      404,
      200,
    ),
    shape(
      'a request behind one that was not JSON',
      `${rest.line} HTTP/1.1\r\n${rest.headers}Content-Length: 5\r\n\r\n{"bo}${LAST}`,
      400,
    ),
    shape(
      'a hundred requests at once',
      LAST.replace('Connection: close\r\n', '').repeat(100) + LAST,
      ...Array(101).fill(200),
    ),
    shape('a request behind the last', LAST + HIDDEN, 200),
    shape('empty lines before a request', '\r\n'.repeat(1_000) + LAST, 200),
    // Node reads nothing more of the packet that an upgrade came in, so that the last request is not sent with it.
    shape(
      'an upgrade to h2c',
      get('Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n'),
      200,
    ),
    shape('an upgrade to a web socket', get('Connection: Upgrade, close\r\nUpgrade: websocket\r\n'), 200),
  ]
}

/** All of them. What is hidden in one must not be taken for a request by any part of the server. */
export function rawShapes(): RawShape[] {
  return [...DOORS.flatMap(framing), ...compressed(), ...beginnings()]
}
