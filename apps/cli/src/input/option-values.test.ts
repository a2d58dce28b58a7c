import { describe, expect, test } from '@jest/globals'
import { collectAttribute, collectTag, parseBoolean, parseCount, parseInteger, parseSources } from './option-values.ts'

describe('values of options', () => {
  test.each(['', ' ', '1.5', '1e3', '0x10', '5s', '9999999999999999', 'NaN'])('%p is no whole number', (text) => {
    expect(() => parseInteger(text)).toThrow('whole number')
  })

  test('whole numbers keep their sign, counts begin at 1', () => {
    expect(parseInteger('-5')).toBe(-5)
    expect(parseCount('1')).toBe(1)
    expect(() => parseCount('0')).toThrow('1 or more')
  })

  test('a switch is true or false and nothing else', () => {
    expect([parseBoolean('true'), parseBoolean('false')]).toEqual([true, false])
    expect(() => parseBoolean('yes')).toThrow('true or false')
  })

  test('sources are a word or names', () => {
    expect([parseSources('all'), parseSources('none'), parseSources('a,b')]).toEqual([['*'], [], ['a', 'b']])
  })

  test('tags are gathered; only the first = parts them', () => {
    expect(collectTag('a=b=c', collectTag('x='))).toEqual({ x: '', a: 'b=c' })
    expect(() => collectTag('=x')).toThrow('key=value')
  })

  test('attributes have a type and a label; names may have dots', () => {
    const attributes = ['a.b=1', 'n:number=5', 'm:number.int=6', 'c:binary=AAE=', 'd:string.json={"a":1}']
    expect(attributes.reduce((all, text) => collectAttribute(text, all), {})).toEqual({
      'a.b': { type: 'string', value: '1' },
      n: { type: 'number', value: '5' },
      m: { type: 'number', label: 'int', value: '6' },
      c: { type: 'binary', value: 'AAE=' },
      d: { type: 'string', label: 'json', value: '{"a":1}' },
    })
    expect(() => collectAttribute('a:date=1')).toThrow('string, number, binary')
  })
})
