import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import * as actions from '../actions/index.ts'
import {
  changeMessageVisibilityBatch,
  createQueue,
  getQueueAttributes,
  sendMessage,
  sendMessageBatch,
  setQueueAttributes,
  tagQueue,
  untagQueue,
} from '../actions/index.ts'
import type { SqsError } from '../errors/sqs-error.ts'
import type { Action } from '../shapes/action.ts'
import type { Shape, StructureShape } from '../shapes/shape.ts'
import { decodeJson } from './decode-json.ts'
import { decodeQuery } from './decode-query.ts'
import { parseQueryPairs } from './query-pairs.ts'

function decode<Input>(action: Action<Input>, query: string): Input {
  return decodeQuery(action, parseQueryPairs(query))
}

function errorOf(run: () => unknown): SqsError {
  try {
    run()
  } catch (error) {
    return error as SqsError
  }
  throw new Error('nothing was thrown')
}

describe('decodeQuery', () => {
  it.each([
    ['Attribute.1.Name=DelaySeconds&Attribute.1.Value=5'],
    ['Attributes.1.Name=DelaySeconds&Attributes.1.Value=5'],
    ['Attribute.entry.1.key=DelaySeconds&Attribute.entry.1.value=5'],
    ['Attribute.Name=DelaySeconds&Attribute.Value=5'],
    ['Attribute.7.Value=5&Attribute.7.Name=DelaySeconds'],
  ])('reads a map written as %s', (query) => {
    expect(decode(setQueueAttributes, query)).toEqual({ Attributes: { DelaySeconds: '5' } })
  })

  it.each([['Tag.1.Key=a&Tag.1.Value=b'], ['Tags.1.Key=a&Tags.1.Value=b']])('reads tags written as %s', (query) => {
    expect(decode(tagQueue, query)).toEqual({ Tags: { a: 'b' } })
    expect(decode(createQueue, query)).toEqual({ tags: { a: 'b' } })
  })

  it('reads the tags of CreateQueue in lower case', () => {
    expect(decode(createQueue, 'tags.1.Key=a&tags.1.Value=')).toEqual({ tags: { a: '' } })
  })

  it.each([
    ['AttributeName.1=A&AttributeName.2=B'],
    ['AttributeNames.1=A&AttributeNames.2=B'],
    ['AttributeName.20=B&AttributeName.3=A'],
    ['AttributeName=A&AttributeName.1=B'],
  ])('reads a list written as %s, in the order of the numbers', (query) => {
    expect(decode(getQueueAttributes, query)).toEqual({ AttributeNames: ['A', 'B'] })
  })

  it.each(['SendMessageBatchRequestEntry', 'Entries'])('reads entries written as %s', (name) => {
    const query =
      `${name}.2.Id=b&${name}.2.MessageBody=B&${name}.1.Id=a&${name}.1.MessageBody=A&${name}.1.DelaySeconds=3` +
      `&${name}.1.MessageAttribute.1.Name=n&${name}.1.MessageAttribute.1.Value.DataType=String` +
      `&${name}.1.MessageAttribute.1.Value.StringValue=v`
    expect(decode(sendMessageBatch, query)).toEqual({
      Entries: [
        {
          Id: 'a',
          MessageBody: 'A',
          DelaySeconds: 3,
          MessageAttributes: { n: { DataType: 'String', StringValue: 'v' } },
        },
        { Id: 'b', MessageBody: 'B' },
      ],
    })
  })

  it('keeps __proto__ as a key like any other', () => {
    const { Tags } = decode(tagQueue, 'Tag.1.Key=__proto__&Tag.1.Value=a')
    expect(Object.entries(Tags)).toEqual([['__proto__', 'a']])
  })

  it('reads list values, so that they can be refused by name', () => {
    const query = 'MessageBody=x&MessageAttribute.1.Name=a&MessageAttribute.1.Value.StringListValue.1=v'
    expect(decode(sendMessage, query).MessageAttributes).toEqual({ a: { StringListValues: ['v'] } })
  })

  it('keeps a message attribute without a value, which has an error of its own', () => {
    expect(decode(sendMessage, 'MessageBody=x&MessageAttribute.1.Name=a').MessageAttributes).toEqual({ a: {} })
  })

  it('passes over names that are deeper than any of ours', () => {
    expect(decode(sendMessage, `MessageBody=x&${'MessageAttribute.1.'.repeat(1_000)}=y`)).toEqual({ MessageBody: 'x' })
  })

  it.each([
    [sendMessage, '', 'MessageBody'],
    [sendMessage, 'MessageBody=', 'MessageBody'],
    [sendMessageBatch, '', 'SendMessageBatchRequestEntry'],
    [changeMessageVisibilityBatch, '', 'ChangeMessageVisibilityBatchRequestEntry'],
    [setQueueAttributes, '', 'Attribute.Name'],
    [tagQueue, '', 'Tags'],
    [untagQueue, '', 'TagKeys'],
  ])('says what is missing: %#', (action: Action, query, name) => {
    expect(errorOf(() => decode(action, query))).toMatchObject({
      shape: 'MissingRequiredParameterException',
      message: `The request must contain the parameter ${name}.`,
    })
  })

  it.each([
    'MessageBody=x&DelaySeconds=soon',
    'MessageBody=x&DelaySeconds=',
    'MessageBody=x&DelaySeconds=9223372036854775808',
    'MessageBody=x&MessageAttribute.1.Name=a&MessageAttribute.1.Value.BinaryValue=*',
  ])('refuses %s', (query) => {
    expect(errorOf(() => decode(sendMessage, query)).shape).toBe('SerializationException')
  })
})

describe('parseQueryPairs', () => {
  it('lets the form win over the query string, and reads both signs for a space', () => {
    const pairs = parseQueryPairs('A=1&B=two%20words', Buffer.from('A=2&C=three+more+words&D&=e'))
    expect([...pairs]).toEqual([
      ['A', '2'],
      ['B', 'two words'],
      ['C', 'three more words'],
      ['D', ''],
      ['', 'e'],
    ])
  })

  it.each(['A=%', 'A=%zz', 'A=%ff', 'A=%ed%a0%80', '%c3=x'])('refuses %s instead of repairing it (G2)', (query) => {
    expect(errorOf(() => parseQueryPairs(query)).shape).toBe('SerializationException')
  })

  it('refuses bytes that are not UTF-8 and absurd numbers of parameters', () => {
    expect(errorOf(() => parseQueryPairs('', Uint8Array.of(0x41, 0x3d, 0xff))).shape).toBe('SerializationException')
    const many = Array.from({ length: 10_001 }, (_, i) => `p${i}=`).join('&')
    expect(errorOf(() => parseQueryPairs(many)).shape).toBe('SerializationException')
  })
})

/** Values that both protocols can say: Query has no empty lists, maps and structures. */
function arbitraryOf(shape: Shape): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case 'text':
      return fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    case 'integer':
      return fc.integer()
    case 'flag':
      return fc.boolean()
    case 'blob':
      return fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('base64'))
    case 'list':
      return fc.array(arbitraryOf(shape.item), { minLength: 1, maxLength: 12 })
    case 'map':
      return fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 8 }), arbitraryOf(shape.value), {
        minKeys: 1,
        maxKeys: 12,
      })
    case 'structure':
      return fc.record(Object.fromEntries(shape.entries.map(([name, member]) => [name, arbitraryOf(member.shape)])), {
        requiredKeys: shape.entries.filter(([, member], i) => member.isRequired || i === 0).map(([name]) => name),
      })
  }
}

/** Writes the official names. */
function toPairs(shape: Shape, value: unknown, name: string): [string, string][] {
  switch (shape.kind) {
    case 'list':
      return (value as unknown[]).flatMap((item, i) => toPairs(shape.item, item, `${name}.${i + 1}`))
    case 'map':
      return Object.entries(value as object).flatMap(([key, item], i): [string, string][] => [
        [`${name}.${i + 1}.${shape.keyName}`, key],
        ...toPairs(shape.value, item, `${name}.${i + 1}.Value`),
      ])
    case 'structure':
      return membersToPairs(shape, value as Record<string, unknown>, `${name}.`)
    default:
      return [[name, String(value)]]
  }
}

function membersToPairs(shape: StructureShape, value: Record<string, unknown>, prefix: string): [string, string][] {
  return shape.entries.flatMap(([member, { shape: inner, queryNames }]) =>
    value[member] === undefined ? [] : toPairs(inner, value[member], `${prefix}${queryNames?.[0] ?? member}`),
  )
}

const ACTIONS = (Object.values(actions) as unknown[]).filter(
  (value): value is Action => typeof value === 'object' && value !== null && 'input' in value,
)

describe('both codecs', () => {
  it('knows every action', () => {
    expect(ACTIONS).toHaveLength(23)
  })

  it.each(ACTIONS.map((action) => [action.name, action] as const))('read the same input of %s', (_name, action) => {
    fc.assert(
      fc.property(arbitraryOf(action.input), (input) => {
        const query = membersToPairs(action.input, input as Record<string, unknown>, '')
          .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
          .join('&')
        const expected = decodeJson(action, Buffer.from(JSON.stringify(input)))
        expect(decode(action, query)).toEqual(expected)
        expect(JSON.parse(JSON.stringify(expected))).toEqual(JSON.parse(JSON.stringify(input)))
      }),
      { numRuns: 40 },
    )
  })
})
