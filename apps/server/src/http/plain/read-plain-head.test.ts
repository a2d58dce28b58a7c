import { describe, expect, it } from '@jest/globals'
import { readPlainHead } from './read-plain-head.ts'

const LINE = 'POST / HTTP/1.1'
const HOST = 'Host: localhost'
const LENGTH = 'Content-Length: 2'

function read(...lines: readonly string[]) {
  return readPlainHead(Buffer.from(`${lines.join('\r\n')}\r\n\r\n{}`, 'latin1'))
}

describe('a head that has nothing unusual', () => {
  it('is read as it came, with names in lower case beside it', () => {
    const head = read(LINE, 'host:localhost:9324', 'X-Amz-Target: \t AmazonSQS.SendMessage \t', LENGTH, 'Empty:')
    expect(head).toEqual({
      headers: expect.objectContaining({
        host: 'localhost:9324',
        'x-amz-target': 'AmazonSQS.SendMessage',
        'content-length': '2',
        empty: '',
      }),
      rawHeaders: [
        ...['host', 'localhost:9324', 'X-Amz-Target', 'AmazonSQS.SendMessage'],
        ...['Content-Length', '2', 'Empty', ''],
      ],
      headBytes: 108,
      bodyBytes: 2,
    })
  })

  it('may keep its connection, in so many words', () => {
    expect(read(LINE, HOST, LENGTH, 'Connection: Keep-Alive')).toMatchObject({ bodyBytes: 2 })
  })

  it('keeps blanks that are none of HTTP', () => {
    expect(read(LINE, HOST, LENGTH, 'X: \xa0x\xa0')?.rawHeaders.at(-1)).toBe('\xa0x\xa0')
  })
})

describe('a head that is left to Node', () => {
  it.each<[string, readonly string[]]>([
    ['another method', ['GET / HTTP/1.1', HOST, LENGTH]],
    ['a method in lower case', ['post / HTTP/1.1', HOST, LENGTH]],
    ['another address', ['POST /? HTTP/1.1', HOST, LENGTH]],
    ['a whole URL', ['POST http://localhost/ HTTP/1.1', HOST, LENGTH]],
    ['an older version', ['POST / HTTP/1.0', HOST, LENGTH]],
    ['two blanks in its first line', ['POST  / HTTP/1.1', HOST, LENGTH]],
    ['an empty line before it', ['', LINE, HOST, LENGTH]],
    ['no headers', [LINE]],
    ['no host', [LINE, LENGTH]],
    ['two hosts', [LINE, HOST, HOST, LENGTH]],
    ['no length', [LINE, HOST]],
    ['two lengths', [LINE, HOST, LENGTH, LENGTH]],
    ['two lengths in one', [LINE, HOST, 'Content-Length: 2, 2']],
    ['a length with a sign', [LINE, HOST, 'Content-Length: +2']],
    ['a length that is none', [LINE, HOST, 'Content-Length: 0x2']],
    ['an empty length', [LINE, HOST, 'Content-Length:']],
    ['a length beyond all limits', [LINE, HOST, 'Content-Length: 9999999999']],
    ['a body in chunks', [LINE, HOST, 'Transfer-Encoding: chunked']],
    ['a body in chunks and a length', [LINE, HOST, LENGTH, 'Transfer-Encoding: chunked']],
    ['a wish to be asked for its body', [LINE, HOST, LENGTH, 'Expect: 100-continue']],
    ['a connection that is to end', [LINE, HOST, LENGTH, 'Connection: close']],
    ['a connection that is to become another', [LINE, HOST, LENGTH, 'Connection: Upgrade', 'Upgrade: h2c']],
    ['a word to a proxy', [LINE, HOST, LENGTH, 'Proxy-Connection: close']],
    ['a name that comes twice', [LINE, HOST, LENGTH, 'X: 1', 'x: 2']],
    ['a name that every object has', [LINE, HOST, LENGTH, '__proto__: x']],
    ['a header in two lines', [LINE, HOST, LENGTH, 'X: 1', ' 2']],
    ['a blank before a colon', [LINE, HOST, 'Content-Length : 2']],
    ['a blank before a name', [LINE, ' Host: localhost', LENGTH]],
    ['a name that is no token', [LINE, HOST, LENGTH, 'X(y): 1']],
    ['an empty name', [LINE, HOST, LENGTH, ': 1']],
    ['no colon', [LINE, HOST, LENGTH, 'X']],
    ['a line that ends in half an end', [LINE, HOST, `${LENGTH}\nX: 1`]],
    ['the other half of an end in a value', [LINE, HOST, LENGTH, 'X: 1\r2']],
    ['a control character in a value', [LINE, HOST, LENGTH, 'X: 1\u00002']],
    ['8 KiB of headers', [LINE, HOST, LENGTH, `X: ${'x'.repeat(8_192)}`]],
  ])('%s', (_what, lines) => {
    expect(read(...lines)).toBeUndefined()
  })

  it('one that is not all there', () => {
    const bytes = Buffer.from([LINE, HOST, LENGTH, '', ''].join('\r\n'))
    expect(readPlainHead(bytes)).toMatchObject({ headBytes: bytes.length })
    for (let end = 0; end < bytes.length; end += 1) expect(readPlainHead(bytes.subarray(0, end))).toBeUndefined()
  })
})
