import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { Validator } from '@seriousme/openapi-schema-validator'
import { parse } from 'yaml'
import { toOpenApi30 } from './to-openapi-30.ts'

const OPENAPI = fileURLToPath(new URL('../../../../openapi.yaml', import.meta.url))
const document = parse(readFileSync(OPENAPI, 'utf8'))

/** The form of one schema in 3.0. */
function converted(schema: object): unknown {
  const whole = {
    openapi: '3.1.0',
    info: { title: 'T', version: '1' },
    paths: {},
    components: { schemas: { schema, Other: { type: 'object' } } },
  }
  return (toOpenApi30(whole) as { components: { schemas: { schema: unknown } } }).components.schemas.schema
}

describe('the document in 3.0', () => {
  it('is valid by the official schema of 3.0', async () => {
    const validator = new Validator()
    const { valid, errors } = await validator.validate(toOpenApi30(document) as Record<string, unknown>)
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined })
    expect(validator.version).toBe('3.0')
  })

  it('has the same operations, schemas, examples and answers', () => {
    const shape = ({ paths, components }: typeof document) => ({
      operations: Object.entries<Record<string, { responses: object }>>(paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, { responses }]) => [path, method, Object.keys(responses)]),
      ),
      schemas: Object.keys(components.schemas),
      examples: components.examples,
    })
    expect(shape(toOpenApi30(document) as typeof document)).toEqual(shape(document))
  })

  it('does not change the document that it is made from', () => {
    const before = JSON.stringify(document)
    toOpenApi30(document)
    expect(JSON.stringify(document)).toBe(before)
  })
})

describe('a schema in 3.0', () => {
  const $ref = '#/components/schemas/Other'

  it('is nullable where it could be null', () => {
    expect(converted({ anyOf: [{ type: 'number' }, { type: 'null' }], description: 'Or none.' })).toEqual({
      type: 'number',
      nullable: true,
      description: 'Or none.',
    })
    expect(converted({ type: ['string', 'null'] })).toEqual({ type: 'string', nullable: true })
  })

  it('is nullable beside a reference, because nothing counts there', () => {
    expect(converted({ anyOf: [{ $ref }, { type: 'null' }] })).toEqual({
      type: 'object',
      allOf: [{ $ref }],
      nullable: true,
    })
    expect(converted({ $ref, description: 'Mine.' })).toEqual({ allOf: [{ $ref }], description: 'Mine.' })
    expect(converted({ $ref })).toEqual({ $ref })
  })

  it('has the older names of const and examples', () => {
    expect(converted({ type: 'string', const: 'a', examples: ['a', 'b'] })).toEqual({
      type: 'string',
      enum: ['a'],
      example: 'a',
    })
  })

  it('keeps extensions and reaches every schema inside another', () => {
    const inner = { type: ['integer', 'null'] }
    const outer = { type: 'integer', nullable: true }
    expect(
      converted({
        type: 'object',
        properties: { a: inner, b: { type: 'array', items: inner } },
        additionalProperties: inner,
        'x-known': [1],
      }),
    ).toEqual({
      type: 'object',
      properties: { a: outer, b: { type: 'array', items: outer } },
      additionalProperties: outer,
      'x-known': [1],
    })
  })

  it.each([
    [
      'a keyword that it does not know',
      { type: 'object', patternProperties: {} },
      /schemas\/schema\/patternProperties/,
    ],
    ['null alone', { type: 'null' }, /the type "null"/],
    ['several types', { type: ['string', 'number'] }, /the types \["string","number"\]/],
    ['a choice of several or null', { anyOf: [{ type: 'string' }, { $ref }, { type: 'null' }] }, /several or null/],
    ['a bound that has moved', { type: 'number', exclusiveMinimum: 0 }, /exclusiveMinimum/],
  ])('is refused with %s', (_, schema, message) => {
    expect(() => converted({ type: 'object', properties: { inner: schema } })).toThrow(/properties\/inner/)
    expect(() => converted(schema)).toThrow(message)
  })

  it('is refused with anything else that 3.0 does not have', () => {
    expect(() => toOpenApi30({ ...document, webhooks: {} })).toThrow('#/webhooks')
  })
})
