import { describe, expect, it } from '@jest/globals'
import { createQueue, receiveMessage, sendMessage, sendMessageBatch, tagQueue } from '../actions/index.ts'
import type { SqsError } from '../errors/sqs-error.ts'
import type { Action } from '../shapes/action.ts'
import { decodeJson } from './decode-json.ts'

function decode<Input>(action: Action<Input>, value: unknown): Input {
  return decodeJson(action, Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)))
}

function errorOf(run: () => unknown): SqsError {
  try {
    run()
  } catch (error) {
    return error as SqsError
  }
  throw new Error('nothing was thrown')
}

describe('decodeJson', () => {
  it('reads members of every kind', () => {
    const input = {
      QueueUrl: 'orders',
      MessageBody: 'hi',
      DelaySeconds: 5,
      MessageAttributes: { a: { DataType: 'Binary', BinaryValue: 'AAEC/w==' } },
    }
    expect(decode(sendMessage, input)).toEqual(input)
  })

  it('ignores unknown members and takes null for absence', () => {
    expect(decode(sendMessage, { MessageBody: 'x', DelaySeconds: null, Nonsense: [1] })).toEqual({ MessageBody: 'x' })
  })

  it('takes an empty body for an empty object', () => {
    expect(decode(createQueue, '')).toEqual({})
  })

  it('makes text of numbers and booleans, and numbers of numeric text, as SQS does', () => {
    expect(decode(sendMessage, { MessageBody: 12, DelaySeconds: '7' })).toEqual({ MessageBody: '12', DelaySeconds: 7 })
    expect(decode(createQueue, { Attributes: { DelaySeconds: 5, SqsManagedSseEnabled: true } })).toEqual({
      Attributes: { DelaySeconds: '5', SqsManagedSseEnabled: 'true' },
    })
  })

  it('refuses a number for text when reading it has changed it (G2)', () => {
    for (const body of ['12345678901234567890', '1.10', '1e400']) {
      expect(errorOf(() => decode(sendMessage, `{"MessageBody":${body}}`)).shape).toBe('SerializationException')
    }
  })

  it('keeps __proto__ and constructor as keys like any other', () => {
    const { Tags } = decode(tagQueue, '{"Tags":{"__proto__":"a","constructor":"b"}}')
    expect(Object.entries(Tags)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ])
    expect(decode(sendMessage, '{"__proto__":{"MessageBody":"x"},"MessageBody":"y"}')).toEqual({ MessageBody: 'y' })
  })

  it('keeps a message attribute of null, which has an error of its own', () => {
    const { MessageAttributes } = decode(sendMessage, { MessageBody: 'x', MessageAttributes: { a: null } })
    expect(MessageAttributes).toEqual({ a: {} })
  })

  it.each([
    ['text that is not JSON', sendMessage, '{"MessageBody":', 'The request body is not valid JSON.'],
    ['a list for a body', sendMessage, [], 'Expected a structure, but found another kind of value.'],
    ['null for a body', sendMessage, 'null', 'Expected a structure, but found another kind of value.'],
    ['an object for text', sendMessage, { MessageBody: {} }, 'Start of structure or map found where not expected.'],
    ['a list for text', sendMessage, { MessageBody: [] }, 'Start of list found where not expected'],
    [
      'a list for an attribute',
      createQueue,
      { Attributes: { Policy: [] } },
      'Unrecognized collection type class java.lang.String',
    ],
    [
      'words for a number',
      sendMessage,
      { MessageBody: 'x', DelaySeconds: 'soon' },
      'STRING_VALUE can not be converted to an Integer',
    ],
    [
      'true for a number',
      sendMessage,
      { MessageBody: 'x', DelaySeconds: true },
      'TRUE_VALUE can not be converted to an Integer',
    ],
    [
      'a fraction for a number',
      sendMessage,
      { MessageBody: 'x', DelaySeconds: 1.5 },
      'NUMBER_VALUE can not be converted to an Integer',
    ],
    [
      '2^63 for a number',
      sendMessage,
      '{"MessageBody":"x","DelaySeconds":9223372036854775808}',
      'NUMBER_VALUE can not be converted to an Integer',
    ],
    [
      '2^63 as text for a number',
      sendMessage,
      { MessageBody: 'x', DelaySeconds: '9223372036854775808' },
      'STRING_VALUE can not be converted to an Integer',
    ],
    ['text for a list', sendMessageBatch, { Entries: 'a' }, 'Expected a list, but found another kind of value.'],
    ['null in a list', receiveMessage, { AttributeNames: [null] }, 'A list can not contain null.'],
    ['text for a map', tagQueue, { Tags: 'a' }, 'Expected a map, but found another kind of value.'],
    [
      'base64 without its padding',
      sendMessage,
      { MessageBody: 'x', MessageAttributes: { a: { DataType: 'Binary', BinaryValue: 'AAEC/w' } } },
      'STRING_VALUE can not be converted to a Blob',
    ],
  ])('refuses %s', (_what, action: Action, value, message) => {
    expect(errorOf(() => decode(action, value))).toMatchObject({ shape: 'SerializationException', message })
  })

  it('refuses bytes that are not UTF-8 instead of repairing them (G2)', () => {
    const body = Buffer.concat([Buffer.from('{"MessageBody":"'), Buffer.from([0xff]), Buffer.from('"}')])
    expect(errorOf(() => decodeJson(sendMessage, body))).toMatchObject({ shape: 'SerializationException' })
  })

  it.each([
    [sendMessage, {}, 'MessageBody'],
    [sendMessage, { MessageBody: '' }, 'MessageBody'],
    [sendMessageBatch, {}, 'Entries'],
    [tagQueue, { Tags: {} }, 'Tags'],
  ])('says what is missing: %#', (action: Action, value, name) => {
    expect(errorOf(() => decode(action, value))).toMatchObject({
      shape: 'MissingRequiredParameterException',
      message: `The request must contain the parameter ${name}.`,
    })
  })
})
