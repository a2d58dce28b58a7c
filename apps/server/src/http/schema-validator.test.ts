import { describe, expect, it } from '@jest/globals'
import { Type } from 'typebox'
import { HttpProblem } from './problem.ts'
import { compileSchema } from './schema-validator.ts'

const Schema = Type.Object(
  {
    name: Type.String({ maxLength: 3 }),
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 5 })),
    kind: Type.Optional(Type.Enum(['a', 'b'])),
    list: Type.Optional(
      Type.Array(Type.Object({ 'a/b': Type.String() }, { additionalProperties: false }), { maxItems: 1 }),
    ),
  },
  { additionalProperties: false },
)

function check(value: unknown, httpPart = 'body') {
  const validate = compileSchema({ schema: Schema, httpPart, method: 'POST', url: '/' })
  const result = validate(value) as { value?: unknown; error?: Error }
  if (result.error === undefined) return result.value
  if (!(result.error instanceof HttpProblem)) throw result.error
  return [result.error.message, result.error.field]
}

describe('compileSchema', () => {
  it.each([
    [{}, ['"name" is missing.', 'name']],
    [null, ['The body must be an object.', undefined]],
    [undefined, ['The body must be an object.', undefined]],
    [{ name: 1 }, ['"name" must be a string.', 'name']],
    [{ name: 'x', count: 1.5 }, ['"count" must be an integer.', 'count']],
    [{ name: 'x', more: 1 }, ['"more" is not a member of this request.', 'more']],
    [{ name: 'x', kind: 'c' }, ['"kind" must be one of a, b.', 'kind']],
    [{ name: 'x', list: [{}] }, ['"list.0.a/b" is missing.', 'list.0.a/b']],
    [{ name: 'x', list: [{ 'a/b': 1 }] }, ['"list.0.a/b" must be a string.', 'list.0.a/b']],
    [JSON.parse('{"name":"x","__proto__":1}'), ['"__proto__" is not a member of this request.', '__proto__']],
  ])('says what is wrong with %j', (value, problem) => {
    expect(check(value)).toEqual(problem)
  })

  it('leaves ranges to the engine', () => {
    const value = { name: 'much too long', count: 2 ** 63, list: [{ 'a/b': '' }, { 'a/b': '' }] }
    expect(check(value)).toBe(value)
  })

  it('reads numbers from the text of a query string, and from nothing else', () => {
    expect(check({ name: '1', count: '12' }, 'querystring')).toEqual({ name: '1', count: 12 })
    for (const count of ['', ' 1', '1e3', '0x1', '1.5', '9'.repeat(16), ['1', '2']]) {
      expect(check({ name: 'x', count }, 'querystring')).toEqual(['"count" must be an integer.', 'count'])
    }
    expect(check({ name: 'x', count: '12' })).toEqual(['"count" must be an integer.', 'count'])
  })
})
