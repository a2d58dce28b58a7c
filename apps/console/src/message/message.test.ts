import { describe, expect, it } from '@jest/globals'
import { type AttributeRow, checkAttributes, checkBody, checkId, messageBytes } from './check-message.ts'
import { describeBody } from './describe-body.ts'
import { hexDump } from './hex-dump.ts'

const row = (change: Partial<AttributeRow> = {}): AttributeRow => ({
  name: 'priority',
  type: 'string',
  label: '',
  value: 'high',
  ...change,
})
const check = (change: Partial<AttributeRow>) => checkAttributes([row(change)])[0]

describe('message attributes', () => {
  it.each([
    {},
    { name: 'a.b-c_D9' },
    { type: 'number', value: '-0.5e10' },
    { type: 'number', value: '0' },
    { type: 'number', value: '9'.repeat(38) },
    { type: 'binary', value: 'AAEC/w==' },
    { label: 'int' },
    { value: 'tab\tand line\nbreak' },
  ] as Partial<AttributeRow>[])('%j is fine', (change) => {
    expect(check(change)).toEqual({})
  })

  it.each([
    [{ name: '' }, 'name'],
    [{ name: 'a b' }, 'name'],
    [{ name: '.a' }, 'name'],
    [{ name: 'a..b' }, 'name'],
    [{ name: 'a.' }, 'name'],
    [{ name: 'AWS.x' }, 'name'],
    [{ name: 'amazon.x' }, 'name'],
    [{ name: 'a'.repeat(257) }, 'name'],
    [{ value: '' }, 'value'],
    [{ value: '\u0000' }, 'value'],
    [{ type: 'number', value: 'three' }, 'value'],
    [{ type: 'number', value: '1'.repeat(39) }, 'value'],
    [{ type: 'number', value: '1e127' }, 'value'],
    [{ type: 'binary', value: 'AAEC/w' }, 'value'],
    [{ type: 'binary', value: 'AAEC/x==' }, 'value'],
    [{ label: 'x'.repeat(256) }, 'label'],
  ] as [Partial<AttributeRow>, string][])('%j is refused for its %s', (change, field) => {
    expect(Object.keys(check(change) ?? {})).toEqual([field])
  })

  it('may not have the same name twice', () => {
    expect(checkAttributes([row(), row()])).toEqual([{}, { name: 'There is an attribute of this name above.' }])
  })

  it('count with name, type, label and value, bytes decoded', () => {
    expect(messageBytes('é', [row(), row({ type: 'binary', label: 'png', value: 'AAEC/w==' })])).toBe(
      2 + 'prioritystringhigh'.length + 'prioritybinary.png'.length + 4,
    )
  })
})

describe('bodies', () => {
  it('are JSON when they are an object or an array', () => {
    expect(describeBody(' {"a":1}').kind).toBe('json')
    expect(describeBody('[1]').kind).toBe('json')
    expect(describeBody('{a:1}').kind).toBe('text')
    expect(describeBody('17').kind).toBe('text')
  })

  it('are bytes when they can only be the base64 of bytes', () => {
    const bytes = Uint8Array.from({ length: 30 }, (_, index) => (index * 37) % 256)
    expect(describeBody(btoa(String.fromCharCode(...bytes)))).toEqual({ kind: 'base64', bytes })
    expect(describeBody('abcdefghijklmnop').kind).toBe('text')
    expect(describeBody(btoa('this is text, and stays what was sent')).kind).toBe('text')
  })

  it('must not be empty, nor hold control characters or halves of characters', () => {
    expect(checkBody('')).toBe('A message needs a body.')
    expect(checkBody('a\u0007')).toContain('control character')
    expect(checkBody('\ud800')).toContain('half of a character')
    expect(checkBody('a\tb\r\n😀')).toBeUndefined()
  })

  it('ids are visible ASCII', () => {
    expect(checkId('customer-4')).toBeUndefined()
    for (const id of ['', 'a b', 'é', 'x'.repeat(129)]) expect(checkId(id)).toBeDefined()
  })

  it('as hex have sixteen bytes a line, the last one fewer', () => {
    const lines = hexDump(Uint8Array.from({ length: 18 }, (_, index) => index + 0x3f))
    expect(lines).toEqual([
      { offset: '00000000', hex: '3f 40 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e', ascii: '?@ABCDEFGHIJKLMN' },
      { offset: '00000010', hex: '4f 50', ascii: 'OP' },
    ])
    expect(hexDump(new Uint8Array([0, 0x7f, 0xff]))[0]?.ascii).toBe('...')
  })
})
