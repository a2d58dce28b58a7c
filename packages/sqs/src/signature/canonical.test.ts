import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseQueryPairs } from '../codecs/query-pairs.ts'
import { amzDateOfDateHeader, formatAmzDate, parseAmzDate } from './amz-date.ts'
import { canonicalPaths } from './canonical-path.ts'
import { readCanonicalPairs, writeCanonicalQuery } from './canonical-query.ts'
import { readHeaders } from './request-headers.ts'

const canonicalQuery = (rawQuery: string) => writeCanonicalQuery(readCanonicalPairs(rawQuery))

describe('the canonical query', () => {
  it.each([
    ['', ''],
    ['b=2&a=1', 'a=1&b=2'],
    ['a', 'a='],
    ['&a=1&&', 'a=1'],
    ['a=b=c', 'a=b%3Dc'],
    ['a=%7e%2f%2F', 'a=~%2F%2F'],
    ['a=x+y', 'a=x%20y'],
    ['a=x%2By', 'a=x%2By'],
    ['a=100%', 'a=100%25'],
    ["a=!*'()", 'a=%21%2A%27%28%29'],
    ['a-=1&a=2', 'a=2&a-=1'],
    ['a=2&a=10&a=', 'a=&a=10&a=2'],
  ])('of %j is %j', (raw, canonical) => {
    expect(canonicalQuery(raw)).toBe(canonical)
  })

  it('says exactly what the server reads (G34)', () => {
    const piece = fc.constantFrom('a', 'b', '+', '%2B', '%2b', '%20', '%41', '%C3%A9', '/', '*', '=', '&', ' ', '~')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 16 }), (pieces) => {
        const query = pieces.join('')
        const names = readCanonicalPairs(query).map(({ name }) => name)
        // Of a name that is there twice the server takes the last value.
        fc.pre(new Set(names).size === names.length)
        const read = [...parseQueryPairs(query)].map(([name, value]) => [strictly(name), strictly(value)])
        const sorted = read.toSorted(([left = ''], [right = '']) => (left < right ? -1 : 1))
        expect(canonicalQuery(query)).toBe(sorted.map((pair) => pair.join('=')).join('&'))
      }),
      { numRuns: 2_000 },
    )
  })
})

/** RFC 3986 has fewer unreserved characters than JavaScript. */
function strictly(text: string): string {
  const percent = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  return encodeURIComponent(text).replace(/[!'()*]/g, percent)
}

describe('the canonical paths', () => {
  it.each([
    ['', [['/', '/']]],
    ['/1/orders', [['/1/orders', '/1/orders']]],
    [
      '/1/a%20b',
      [
        ['/1/a%20b', '/1/a%20b'],
        ['/1/a%2520b', '/1/a%20b'],
      ],
    ],
    [
      '//1/./x/../orders/',
      [
        ['//1/./x/../orders/', '//1/./x/../orders/'],
        ['/1/orders/', '/1/orders/'],
      ],
    ],
    [
      '/../%',
      [
        ['/../%', '/../%'],
        ['/../%25', '/../%'],
        ['/%', '/%'],
        ['/%25', '/%'],
      ],
    ],
  ])('of %j', (rawPath, expected) => {
    expect([...canonicalPaths(rawPath)].map(({ signed, path }) => [signed, path])).toEqual(expected)
  })
})

describe('the canonical headers', () => {
  it('are in lower case, trimmed, with single spaces, and joined in their order', () => {
    const headers = readHeaders(['Host', ' h ', 'X-A', '\tb   c\t', 'x-a', 'a', 'X-B', ''])
    expect([...headers]).toEqual([
      ['host', 'h'],
      ['x-a', 'b c,a'],
      ['x-b', ''],
    ])
  })

  it('keep the last byte of a letter that looks like a space', () => {
    const bytes = Buffer.from('à').toString('latin1')
    expect(readHeaders(['X-A', bytes]).get('x-a')).toBe(bytes)
  })
})

describe('the date of a signature', () => {
  it('is read as it is written', () => {
    const dates = fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true })
    fc.assert(
      fc.property(dates, (date) => {
        const timeMs = Math.floor(date.getTime() / 1_000) * 1_000
        expect(parseAmzDate(formatAmzDate(timeMs))).toBe(timeMs)
      }),
    )
  })

  it.each([
    '',
    '201',
    '20150830',
    '20150830T123600',
    '2015-08-30T12:36:00Z',
    '20150832T123600Z',
    '20150229T123600Z',
    '20151330T123600Z',
    '20150830T243600Z',
    '20150830T123660Z',
    '20150800T123600Z',
    '20150830T123600Z\n',
  ])('is not %j', (text) => {
    expect(parseAmzDate(text)).toBeUndefined()
  })

  it('is taken from a Date header of HTTP', () => {
    expect(amzDateOfDateHeader('Sun, 30 Aug 2015 12:36:00 GMT')).toBe('20150830T123600Z')
    expect(amzDateOfDateHeader('20150830T123600Z')).toBe('20150830T123600Z')
    expect(amzDateOfDateHeader('yesterday')).toBe('yesterday')
  })
})
