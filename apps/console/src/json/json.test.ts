import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { formatJson, minifyJson } from './format-json.ts'
import { parseJson } from './parse-json.ts'

function read(text: string) {
  const parsed = parseJson(text)
  if (!parsed.ok) throw new Error(`${parsed.problem.message} (line ${parsed.problem.line})`)
  return parsed.node
}

function problem(text: string) {
  const parsed = parseJson(text)
  if (parsed.ok) throw new Error(`${text} was taken`)
  const { line, column, message } = parsed.problem
  return `${line}:${column} ${message}`
}

describe('JSON bodies', () => {
  it('are taken exactly when JSON.parse takes them, and mean the same afterwards', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const node = read(text)
        expect(JSON.parse(formatJson(node))).toEqual(JSON.parse(text))
        expect(JSON.parse(minifyJson(node))).toEqual(JSON.parse(text))
      }),
    )
  })

  it('are refused exactly when JSON.parse refuses them', () => {
    // A valid text with one character taken out or put in is mostly, but not always, invalid.
    const damaged = fc
      .tuple(
        fc.json(),
        fc.nat(),
        fc.constantFrom('', '{', '}', ']', ',', '"', ':', '0', '.', '-', 'e', '\n', 'x', '\\'),
      )
      .map(([text, at, put]) => {
        const place = at % text.length
        return text.slice(0, place) + put + text.slice(place + 1)
      })
    fc.assert(
      fc.property(damaged, (text) => {
        let isValid = true
        try {
          JSON.parse(text)
        } catch {
          isValid = false
        }
        expect(parseJson(text).ok).toBe(isValid)
      }),
      { numRuns: 1_000 },
    )
  })

  it('keep large numbers, escapes and members that stand twice when they are formatted', () => {
    const text = '{"id":12345678901234567890,"e":1.10e+2,"t":"\\u00e9\\/","id":1}'
    expect(formatJson(read(text))).toBe(
      '{\n  "id": 12345678901234567890,\n  "e": 1.10e+2,\n  "t": "\\u00e9\\/",\n  "id": 1\n}',
    )
    expect(minifyJson(read(formatJson(read(text))))).toBe(text)
  })

  it('are written with two spaces a level, empty ones on one line', () => {
    expect(formatJson(read('{"a":[1,{"b":[]}],"c":{}}'))).toBe(
      '{\n  "a": [\n    1,\n    {\n      "b": []\n    }\n  ],\n  "c": {}\n}',
    )
  })

  it.each([
    ['', '1:1 There is nothing here yet.'],
    ['{"a":1,}', '1:8 The comma before this } is one too many.'],
    ['{\n  "a": 1\n  "b": 2}', '3:3 A comma or the closing } is missing.'],
    ["{'a':1}", '1:2 Names stand in double quotes.'],
    ['{a:1}', '1:3 Names stand in double quotes.'],
    ['{"a":undefined}', '1:6 JSON has no word undefined; text stands in double quotes.'],
    ['{"a" 1}', '1:6 A colon is missing after the name.'],
    ['[1,2', '1:5 A comma or the closing ] is missing.'],
    ['{"a":', '1:6 A value is missing at the end.'],
    ['"a\nb"', '1:1 This text is not closed, or has a line break or a \\ in it that JSON does not know.'],
    ['01', '1:2 This is no number of JSON: no zeros in front, and digits on both sides of the point.'],
    ['{} {}', '1:4 Nothing may follow here: the value is complete.'],
  ])('say of %j what is wrong and where', (text, expected) => {
    expect(problem(text)).toBe(expected)
  })

  it('of a million brackets exhaust nothing', () => {
    expect(problem('['.repeat(1_000_000))).toContain('Nested deeper than 200 levels.')
  })

  it('of a million characters in one string are read', () => {
    expect(read(JSON.stringify('x'.repeat(1_000_000))).type).toBe('string')
  })
})
