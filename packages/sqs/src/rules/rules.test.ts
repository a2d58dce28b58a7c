import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { SqsError } from '../errors/sqs-error.ts'
import type { MessageAttributeValue } from '../shapes/message-attribute-value.ts'
import { checkBatchBytes } from './batch-bytes.ts'
import { checkBatchEntries, failedEntry } from './batch-entries.ts'
import { asksForFifo } from './fifo-attributes.ts'
import { nextTokenAfter, readListPage } from './list-page.ts'
import { checkFifoBatch, checkMessage } from './message.ts'
import { checkMessageAttributes, checkMessageSystemAttributes } from './message-attributes.ts'
import { isNumberText } from './number-text.ts'
import { readQueueAttributes, selectQueueAttributes } from './queue-attributes.ts'
import { checkNewQueueName, isFifoQueueName, requireQueueName } from './queue-name.ts'
import { checkReceive, checkVisibilityTimeout } from './receive.ts'
import { selectMessageAttributes } from './select-message-attributes.ts'
import { checkTags } from './tags.ts'

function errorOf(run: () => unknown): SqsError {
  try {
    run()
  } catch (error) {
    return error as SqsError
  }
  throw new Error('nothing was thrown')
}

const STRING: MessageAttributeValue = { DataType: 'String', StringValue: 'v' }
const NUMBER = (StringValue: string): MessageAttributeValue => ({ DataType: 'Number', StringValue })

describe('checkMessageAttributes', () => {
  it.each<[string, MessageAttributeValue]>([
    ['a', STRING],
    ['A.b-c_9', { DataType: 'String.Array', StringValue: '[]' }],
    ['n'.repeat(256), NUMBER('-1.5e10')],
    ['__proto__', { DataType: 'Binary.png', BinaryValue: 'AA==' }],
    ['Amazonas', { DataType: `String.${'x'.repeat(249)}`, StringValue: 'v' }],
    ['a', { ...STRING, StringListValues: [], BinaryListValues: [] }],
  ])('lets %s pass', (name, value) => {
    expect(checkMessageAttributes(Object.fromEntries([[name, value]]))).toBeUndefined()
  })

  it.each<[string, MessageAttributeValue, string]>([
    ['', STRING, 'The request must contain non-empty message (user) attribute names.'],
    ['n'.repeat(257), STRING, 'Message (user) attribute name must be shorter than 256 bytes.'],
    [
      'aws.x',
      STRING,
      "You can't use message attribute names beginning with 'AWS.' or 'Amazon'. These strings are reserved for internal use.",
    ],
    [
      'AMAZON.x',
      STRING,
      "You can't use message attribute names beginning with 'AWS.' or 'Amazon'. These strings are reserved for internal use.",
    ],
    ['.a', STRING, "Message (user) attribute name must not begin with character '.'."],
    ['a.', STRING, "Message (user) attribute name must not end with character '.'."],
    ['a..b', STRING, "Message (user) attribute name must not have successive '.' characters."],
    [
      'a b',
      STRING,
      'Invalid non-alphanumeric character was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.',
    ],
    ['a', {}, "The message (user) attribute 'a' must contain a non-empty message attribute value."],
    ['a', { StringValue: 'v' }, "The message (user) attribute 'a' must contain a non-empty message attribute type."],
    [
      'a',
      { DataType: '', StringValue: 'v' },
      "The message (user) attribute 'a' must contain a non-empty message attribute type.",
    ],
    [
      'a',
      { DataType: `String.${'x'.repeat(250)}`, StringValue: 'v' },
      'Message (user) attribute type must be shorter than 256 bytes.',
    ],
    [
      'a',
      { DataType: 'Stringent', StringValue: 'v' },
      "The type of message (user) attribute 'a' is invalid. You must use only the following supported type prefixes: Binary, Number, String.",
    ],
    [
      'a',
      { DataType: 'string', StringValue: 'v' },
      "The type of message (user) attribute 'a' is invalid. You must use only the following supported type prefixes: Binary, Number, String.",
    ],
    ['a', { ...STRING, BinaryValue: 'AA==' }, "Message (user) attribute 'a' must have a single value."],
    [
      'a',
      { DataType: 'Number.int', BinaryValue: 'AA==' },
      "Message (user) attribute 'a' with type 'Number.int' must use field 'String'.",
    ],
    [
      'a',
      { DataType: 'Binary', StringValue: 'v' },
      "Message (user) attribute 'a' with type 'Binary' must use field 'Binary'.",
    ],
    ['a', { DataType: 'String' }, "Message (user) attribute 'a' must contain a non-empty value of type 'String'."],
    [
      'a',
      { DataType: 'Binary', BinaryValue: '' },
      "Message (user) attribute 'a' must contain a non-empty value of type 'Binary'.",
    ],
    ['a', NUMBER('one'), "Can't cast the value of message (user) attribute 'a' to a number."],
  ])('refuses %s with %j', (name, value, message) => {
    expect(checkMessageAttributes({ [name]: value })).toMatchObject({
      shape: 'InvalidParameterValueException',
      message,
    })
  })

  it('refuses list values and an eleventh attribute', () => {
    expect(checkMessageAttributes({ a: { DataType: 'String', StringListValues: ['v'] } })).toMatchObject({
      shape: 'UnsupportedOperation',
      message: 'Message attribute list values in SendMessage operation are not supported.',
    })
    const names = Array.from({ length: 11 }, (_, i) => [`a${i}`, STRING] as const)
    expect(checkMessageAttributes(Object.fromEntries(names.slice(1)))).toBeUndefined()
    expect(checkMessageAttributes(Object.fromEntries(names))?.message).toBe(
      'Number of message attributes [11] exceeds the allowed maximum [10].',
    )
  })
})

describe('checkMessageSystemAttributes', () => {
  it('takes a trace header as text, and nothing else', () => {
    expect(checkMessageSystemAttributes({ AWSTraceHeader: STRING })).toBeUndefined()
    expect(checkMessageSystemAttributes({ SenderId: STRING })?.message).toBe(
      "Message system attribute name 'SenderId' is invalid.",
    )
    expect(checkMessageSystemAttributes({ AWSTraceHeader: NUMBER('1') })?.message).toBe(
      "The type of message (system) attribute 'AWSTraceHeader' is invalid. You must use only the following supported type prefixes: String.",
    )
    expect(checkMessageSystemAttributes({ AWSTraceHeader: {} })?.message).toBe(
      "The message (system) attribute 'AWSTraceHeader' must contain a non-empty message attribute value.",
    )
    const long = { AWSTraceHeader: { DataType: 'String', StringValue: 'x'.repeat(8_193) } }
    expect(checkMessageSystemAttributes(long)?.shape).toBe('InvalidParameterValueException')
  })
})

describe('isNumberText', () => {
  it.each([
    ...['0', '-0.000', '1', '+1', '1.', '.5', '1.0', '1e126', '-1e-128', '10e125', '0.1e127', '9'.repeat(38)],
    ...[`${'9'.repeat(38)}${'0'.repeat(80)}`, `0.${'0'.repeat(127)}1`, `1${'0'.repeat(126)}`, '0e999999999999'],
  ])('takes %s', (text) => {
    expect(isNumberText(text)).toBe(true)
  })

  it.each([
    ...['', '.', '-', 'e5', '1e', '1e1.5', '0x10', ' 1', '1 ', '1,5', 'NaN', 'Infinity', '１', '1_000', '1\n'],
    ...['9'.repeat(39), `1.${'0'.repeat(37)}1`, '1.1e126', '2e126', '1e127', '9e-129', '1e999999999999'],
  ])('refuses %j', (text) => {
    expect(isNumberText(text)).toBe(false)
  })

  it('takes every number of JavaScript within the range', () => {
    const inRange = (value: number) => value === 0 || (Math.abs(value) >= 1e-128 && Math.abs(value) <= 1e126)
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(isNumberText(String(value))).toBe(inRange(value))
      }),
    )
  })
})

describe('checkMessage', () => {
  it.each([-1, 901])('refuses a delay of %d', (DelaySeconds) => {
    expect(checkMessage({ DelaySeconds }, false)).toMatchObject({
      shape: 'InvalidParameterValueException',
      message: `Value ${DelaySeconds} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
    })
  })

  it('lets a delay of 0 and of 900 pass', () => {
    expect(checkMessage({ DelaySeconds: 0 }, false)).toBeUndefined()
    expect(checkMessage({ DelaySeconds: 900 }, false)).toBeUndefined()
  })

  it('refuses on a standard queue a deduplication id, and a group that breaks the rules of groups', () => {
    expect(checkMessage({ MessageDeduplicationId: 'd' }, false)?.message).toBe(
      'Value d for parameter MessageDeduplicationId is invalid. Reason: The request includes a parameter that is not valid for this queue type.',
    )
    expect(checkMessage({ MessageGroupId: 'g' }, false)).toBeUndefined()
    expect(checkMessage({ MessageGroupId: '' }, false)).toMatchObject({
      shape: 'InvalidParameterValueException',
      message:
        'Value  for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
    })
  })
})

describe('a message for a FIFO queue', () => {
  const ids = { MessageGroupId: 'g', MessageDeduplicationId: 'd' }

  it('may have a delay of 0, and ids of 128 characters of punctuation', () => {
    expect(checkMessage({ ...ids, DelaySeconds: 0 }, true)).toBeUndefined()
    const longest = `${'!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'}${'x'.repeat(96)}`
    expect(longest).toHaveLength(128)
    expect(checkMessage({ MessageGroupId: longest, MessageDeduplicationId: longest }, true)).toBeUndefined()
  })

  it('leaves to the engine what the settings of the queue decide', () => {
    expect(checkMessage({}, true)).toBeUndefined()
    checkFifoBatch([{ MessageBody: 'x' }])
  })

  const kind = 'The request include parameter that is not valid for this queue type.'
  const token = (name: string) =>
    `${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`
  it.each([
    ['DelaySeconds', 1, kind],
    ['DelaySeconds', 901, kind],
    ['DelaySeconds', -1, 'DelaySeconds must be >= 0 and <= 900.'],
    ...['', 'a b', 'ä', 'a\n', '\u0000', 'x'.repeat(129)].flatMap((value): [string, string, string][] => [
      ['MessageGroupId', value, token('MessageGroupId')],
      ['MessageDeduplicationId', value, token('MessageDeduplicationId')],
    ]),
  ])('is refused with %s %j, and its batch as a whole', (name, value, reason) => {
    const expected = {
      shape: 'InvalidParameterValueException',
      message: `Value ${value} for parameter ${name} is invalid. Reason: ${reason}`,
    }
    const message = { ...ids, [name]: value }
    expect(checkMessage(message, true)).toMatchObject(expected)
    const entry = { MessageBody: 'x', ...ids }
    expect(errorOf(() => checkFifoBatch([entry, { ...entry, ...message }]))).toMatchObject(expected)
  })

  it('is refused without a body with its whole batch', () => {
    for (const bad of [{}, { MessageBody: '' }]) {
      expect(errorOf(() => checkFifoBatch([{ MessageBody: 'x' }, bad]))).toMatchObject({
        shape: 'MissingRequiredParameterException',
        message: 'The request must contain the parameter SendMessageBatchRequestEntry.2.MessageBody.',
      })
    }
  })
})

describe('checkBatchEntries', () => {
  const NOUN = 'SendMessageBatchRequestEntry'
  const entries = (...ids: (string | undefined)[]) => ids.map((Id) => ({ Id }))
  const ten = Array.from({ length: 10 }, (_, i) => `id-${i}`)

  it('lets one and ten entries pass', () => {
    checkBatchEntries(entries('a'), NOUN)
    checkBatchEntries(entries(...ten), NOUN)
    checkBatchEntries(entries('x'.repeat(80)), NOUN)
  })

  it.each([
    [[], 'EmptyBatchRequest', 'There should be at least one SendMessageBatchRequestEntry in the request.'],
    [[...ten, 'k'], 'TooManyEntriesInBatchRequest', 'Maximum number of entries per request are 10. You have sent 11.'],
    [
      ['a', undefined],
      'MissingRequiredParameterException',
      'The request must contain the parameter SendMessageBatchRequestEntry.2.Id.',
    ],
    [['a', 'b', 'c', 'b', 'a'], 'BatchEntryIdsNotDistinct', 'Id b repeated.'],
  ])('refuses %j', (ids, shape, message) => {
    expect(errorOf(() => checkBatchEntries(entries(...ids), NOUN))).toMatchObject({ shape, message })
  })

  it.each(['', 'a b', 'ä', 'a.b', 'x'.repeat(81), 'a\n'])('refuses the id %j', (id) => {
    expect(errorOf(() => checkBatchEntries(entries(id), NOUN))).toMatchObject({
      shape: 'InvalidBatchEntryId',
      message:
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    })
  })

  it('answers an entry with the Query code', () => {
    const error = errorOf(() => checkBatchEntries(entries(), NOUN))
    expect(failedEntry('a', error)).toEqual({
      Id: 'a',
      SenderFault: true,
      Code: 'AWS.SimpleQueueService.EmptyBatchRequest',
      Message: error.message,
    })
  })
})

describe('checkBatchBytes', () => {
  it('counts bodies in bytes, and names, types and decoded values of attributes; the limit is inclusive', () => {
    const attributes = {
      MessageAttributes: {
        é: { DataType: 'String', StringValue: 'ü' },
        b: { DataType: 'Binary', BinaryValue: 'AAEC/w==' },
      },
    }
    // 2 + 6 + 2 and 1 + 6 + 4 bytes
    const rest = 1_048_576 - 21
    checkBatchBytes([{ MessageBody: 'x'.repeat(rest - 2) }, { MessageBody: 'é', ...attributes }])
    expect(
      errorOf(() => checkBatchBytes([{ MessageBody: 'x'.repeat(rest - 1) }, { MessageBody: 'é', ...attributes }])),
    ).toMatchObject({
      shape: 'BatchRequestTooLong',
      message: 'Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.',
    })
  })
})

describe('checkReceive', () => {
  it('lets the ends of every range pass', () => {
    checkReceive({})
    checkReceive({ MaxNumberOfMessages: 1, VisibilityTimeout: 0, WaitTimeSeconds: 0 })
    checkReceive({ MaxNumberOfMessages: 10, VisibilityTimeout: 43_200, WaitTimeSeconds: 20 })
    checkReceive({ ReceiveRequestAttemptId: 'x'.repeat(128) })
  })

  it.each([
    [
      { MaxNumberOfMessages: 0 },
      'Value 0 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
    ],
    [
      { MaxNumberOfMessages: 11 },
      'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
    ],
    [
      { WaitTimeSeconds: 21 },
      'Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.',
    ],
    [
      { VisibilityTimeout: -1 },
      'Value -1 for parameter VisibilityTimeout is invalid. Reason: Must be >= 0 and <= 43200, if provided.',
    ],
    [
      { VisibilityTimeout: 43_201 },
      'Value 43201 for parameter VisibilityTimeout is invalid. Reason: Must be >= 0 and <= 43200, if provided.',
    ],
    [
      { ReceiveRequestAttemptId: '' },
      'Value  for parameter ReceiveRequestAttemptId is invalid. Reason: ReceiveRequestAttemptId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
    ],
  ])('refuses %j', (parameters, message) => {
    expect(errorOf(() => checkReceive(parameters))).toMatchObject({ shape: 'InvalidParameterValueException', message })
  })

  it('words a visibility timeout of a batch otherwise', () => {
    expect(checkVisibilityTimeout(43_200, false)).toBeUndefined()
    expect(checkVisibilityTimeout(43_201, false)?.message).toBe(
      'Value 43201 for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200.',
    )
    expect(checkVisibilityTimeout(-1, true)?.message).toBe(
      'Value -1 for parameter VisibilityTimeout is invalid. Reason: VisibilityTimeout must be an integer between 0 and 43200.',
    )
  })
})

describe('queue names', () => {
  it.each(['a', 'A-z_9', 'x'.repeat(80)])('lets %s pass', (name) => {
    expect(() => checkNewQueueName(name, false)).not.toThrow()
  })

  it.each(['x'.repeat(81), 'a.b', 'a b', 'a[', 'ä', 'a\u0000', 'a\n', '.fifo'])('refuses %j', (name) => {
    expect(errorOf(() => checkNewQueueName(name, false))).toMatchObject({
      shape: 'InvalidParameterValueException',
      message: 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    })
  })

  const FIFO_TEXT =
    'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.'
  it.each(['a.fifo', `${'x'.repeat(75)}.fifo`])('lets a FIFO queue be called %s, and no standard queue', (name) => {
    expect(() => checkNewQueueName(name, true)).not.toThrow()
    expect(isFifoQueueName(name)).toBe(true)
    expect(errorOf(() => checkNewQueueName(name, false)).shape).toBe('InvalidParameterValueException')
  })

  it.each(['a', '.fifo', 'a.FIFO', 'a.fifo ', 'a.b.fifo', 'a.fifo\n', `${'x'.repeat(76)}.fifo`])(
    'refuses %j for a FIFO queue',
    (name) => {
      expect(errorOf(() => checkNewQueueName(name, true))).toMatchObject({
        shape: 'InvalidParameterValueException',
        message: FIFO_TEXT,
      })
    },
  )

  it('says that a name is missing', () => {
    expect(errorOf(() => requireQueueName(undefined)).message).toBe(
      'Value for parameter QueueName is invalid. Reason: Must specify a queue name.',
    )
    expect(errorOf(() => requireQueueName('')).message).toBe('Queue name cannot be empty')
  })
})

describe('readQueueAttributes', () => {
  it('reads numbers and the switch for managed encryption', () => {
    expect(
      readQueueAttributes({ DelaySeconds: '0', VisibilityTimeout: '43200', SqsManagedSseEnabled: 'false' }, false),
    ).toEqual({
      integers: { DelaySeconds: 0, VisibilityTimeout: 43_200 },
      encryption: { sqsManagedSseEnabled: 'false' },
      redrive: {},
    })
  })

  it('reads the key that encrypts a queue, or its end, and one kind of encryption at a time', () => {
    const attributes = { KmsMasterKeyId: 'alias/aws/sqs', KmsDataKeyReusePeriodSeconds: '60' }
    expect(readQueueAttributes(attributes, false).encryption).toEqual({
      kmsMasterKeyId: 'alias/aws/sqs',
      kmsDataKeyReusePeriodSeconds: 60,
    })
    expect(readQueueAttributes({ KmsMasterKeyId: '', SqsManagedSseEnabled: 'true' }, false).encryption).toEqual({
      kmsMasterKeyId: '',
      sqsManagedSseEnabled: 'true',
    })
    expect(
      errorOf(() => readQueueAttributes({ KmsMasterKeyId: 'k', SqsManagedSseEnabled: 'true' }, false)),
    ).toMatchObject({
      shape: 'InvalidAttributeName',
      message:
        'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
    })
  })

  it('hands on the policies about dead letters as they are', () => {
    const redrive = { RedrivePolicy: '{}', RedriveAllowPolicy: '' }
    expect(readQueueAttributes(redrive, false)).toEqual({ integers: {}, encryption: {}, redrive })
  })

  it.each([
    ['FifoQueue', 'true', 'Unknown Attribute FifoQueue.'],
    ['FifoQueue', 'false', 'Unknown Attribute FifoQueue.'],
    ['ContentBasedDeduplication', 'true', 'Unknown Attribute ContentBasedDeduplication.'],
    ['DeduplicationScope', 'queue', 'You can specify the DeduplicationScope only when FifoQueue is set to true.'],
    ['FifoThroughputLimit', 'perQueue', 'You can specify the FifoThroughputLimit only when FifoQueue is set to true.'],
    ['QueueArn', 'x', 'Unknown Attribute QueueArn.'],
    ['All', '', 'Unknown Attribute All.'],
    ['', 'x', 'Unknown Attribute .'],
    ['__proto__', 'x', 'Unknown Attribute __proto__.'],
    ['constructor', 'x', 'Unknown Attribute constructor.'],
  ])('refuses %s=%s on a standard queue', (name, value, message) => {
    expect(errorOf(() => readQueueAttributes(Object.fromEntries([[name, value]]), false))).toMatchObject({
      shape: 'InvalidAttributeName',
      message,
    })
  })

  it.each([
    ...['', ' 5', '+5', '-1', '5.0', '1e2', '0x5', '901', '9223372036854775808', '9'.repeat(400), 'five', '５'].map(
      (value) => ['DelaySeconds', value],
    ),
    ['MessageRetentionPeriod', '59'],
    ['MaximumMessageSize', '1023'],
    ['MaximumMessageSize', '1048577'],
    ['SqsManagedSseEnabled', 'True'],
    ['SqsManagedSseEnabled', ''],
    ['KmsDataKeyReusePeriodSeconds', '59'],
    ['KmsDataKeyReusePeriodSeconds', '86401'],
    ['KmsMasterKeyId', 'a\u0000b'],
    ['KmsMasterKeyId', '\ud800'],
    ['KmsMasterKeyId', 'k'.repeat(2_049)],
  ] as [string, string][])('refuses %s=%j', (name, value) => {
    expect(errorOf(() => readQueueAttributes({ [name]: value }, false))).toMatchObject({
      shape: 'InvalidAttributeValue',
      message: `Invalid value for the parameter ${name}.`,
    })
  })
})

describe('the attributes of a FIFO queue', () => {
  it.each([
    [{}, false],
    [{ FifoQueue: 'true' }, true],
    [{ FifoQueue: 'True' }, true],
    [{ FifoQueue: 'TRUE' }, false],
    [{ FifoQueue: 'false' }, false],
    [{ ContentBasedDeduplication: 'true' }, false],
  ] as [Record<string, string>, boolean][])('%j makes a queue one: %s', (attributes, isFifo) => {
    expect(asksForFifo(attributes)).toBe(isFifo)
  })

  it('are read besides those of every queue', () => {
    const attributes = {
      FifoQueue: 'true',
      ContentBasedDeduplication: 'False',
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
      DelaySeconds: '3',
    }
    expect(readQueueAttributes(attributes, true)).toEqual({
      integers: { DelaySeconds: 3 },
      encryption: {},
      redrive: {},
      fifo: {
        contentBasedDeduplication: false,
        deduplicationScope: 'messageGroup',
        throughputLimit: 'perMessageGroupId',
      },
    })
  })

  it.each([
    ['FifoQueue', 'false', ' Reason: Modifying queue type is not supported.'],
    ['FifoQueue', 'False', ' Reason: Modifying queue type is not supported.'],
    ['FifoQueue', '', ''],
    ['FifoQueue', '1', ''],
    ['ContentBasedDeduplication', 'yes', ''],
    ['ContentBasedDeduplication', 'TRUE', ''],
    ['ContentBasedDeduplication', '', ''],
    ['DeduplicationScope', 'MessageGroup', ''],
    ['DeduplicationScope', '', ''],
    ['FifoThroughputLimit', 'perqueue', ''],
    ['FifoThroughputLimit', 'queue', ''],
  ])('are refused as %s=%j', (name, value, reason) => {
    expect(errorOf(() => readQueueAttributes({ [name]: value }, true))).toMatchObject({
      shape: 'InvalidAttributeValue',
      message: `Invalid value for the parameter ${name}.${reason}`,
    })
  })
})

describe('selectQueueAttributes', () => {
  it('knows 21 attributes, and leaves out known ones that no queue has', () => {
    expect(selectQueueAttributes(['All']).size).toBe(21)
    expect([...selectQueueAttributes(['QueueArn', 'FifoQueue'])]).toEqual(['QueueArn', 'FifoQueue'])
    expect(selectQueueAttributes([]).size).toBe(0)
  })

  it('refuses unknown names', () => {
    expect(errorOf(() => selectQueueAttributes(['QueueArn', 'Nonsense']))).toMatchObject({
      shape: 'InvalidAttributeName',
      message: 'Unknown Attribute Nonsense.',
    })
  })
})

describe('checkTags', () => {
  it('lets legal tags pass', () => {
    checkTags('q', { a: '', 'é 1_.:/=+-@': 'ß', ['k'.repeat(128)]: 'v'.repeat(256) })
  })

  it.each([
    [{ '': 'v' }, 'Tag keys must be between 1 and 128 characters in length.'],
    [{ ['k'.repeat(129)]: 'v' }, 'Tag keys must be between 1 and 128 characters in length.'],
    [{ k: 'v'.repeat(257) }, 'Tag values must be between 0 and 256 characters in length.'],
    [{ 'aws:k': 'v' }, "Tag keys must not begin with 'aws:'."],
    [
      { 'k!': 'v' },
      'Tag keys may only contain unicode letters, digits, whitespace, or one of these symbols: _ . : / = + - @',
    ],
    [
      { k: '\u0000' },
      'Tag values may only contain unicode letters, digits, whitespace, or one of these symbols: _ . : / = + - @',
    ],
    [
      { k: '\ud800' },
      'Tag values may only contain unicode letters, digits, whitespace, or one of these symbols: _ . : / = + - @',
    ],
    [Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, ''])), 'Too many tags added for queue q.'],
  ])('refuses %j', (tags: Record<string, string>, message) => {
    expect(errorOf(() => checkTags('q', tags))).toMatchObject({ shape: 'InvalidParameterValueException', message })
  })
})

describe('selectMessageAttributes', () => {
  const attributes = { General: 1, Hello: 2, 'Help.Me': 3 }

  it.each([
    [undefined, []],
    [[], []],
    [['All'], ['General', 'Hello', 'Help.Me']],
    [['*'], ['General', 'Hello', 'Help.Me']],
    [['.*'], ['General', 'Hello', 'Help.Me']],
    [['Hel.*'], ['Hello', 'Help.Me']],
    [
      ['Help.*', 'General'],
      ['General', 'Help.Me'],
    ],
    [['Hello', 'nothing', '', '.', '[', 'Hel*'], ['Hello']],
  ])('of %j are %j', (names, expected) => {
    expect(Object.keys(selectMessageAttributes(names, attributes))).toEqual(expected)
  })
})

describe('pages of ListQueues', () => {
  it('go on where the page before ended', () => {
    const request = { QueueNamePrefix: 'or', MaxResults: 2 }
    const NextToken = nextTokenAfter('orders', request) as string
    expect(readListPage({ ...request, NextToken })).toEqual({ limit: 2, after: 'orders' })
  })

  it('have no token without MaxResults, nor after the last', () => {
    expect(nextTokenAfter('orders', {})).toBeUndefined()
    expect(nextTokenAfter(undefined, { MaxResults: 2 })).toBeUndefined()
    expect(readListPage({})).toEqual({ limit: 1_000, after: undefined })
  })

  const token = nextTokenAfter('orders', { QueueNamePrefix: 'or', MaxResults: 2 }) as string
  const range = 'Value for parameter MaxResults is invalid. Reason: MaxResults must be an integer between 1 and 1000.'
  it.each([
    [{ MaxResults: 0 }, range],
    [{ MaxResults: 1_001 }, range],
    [{ NextToken: token }, 'MaxResults is a mandatory parameter when you provide a value for NextToken.'],
    [{ MaxResults: 2, NextToken: 'nonsense' }, 'Invalid or expired next token.'],
    [{ MaxResults: 2, NextToken: '' }, 'Invalid or expired next token.'],
    [{ MaxResults: 2, NextToken: `${token}=` }, 'Invalid or expired next token.'],
    [
      { MaxResults: 2, NextToken: token, QueueNamePrefix: 'x' },
      'Invalid NextToken value. If you are passing in NextToken, you must not change the other request parameters.',
    ],
  ])('refuse %j', (request, message) => {
    expect(errorOf(() => readListPage(request))).toMatchObject({ shape: 'InvalidParameterValueException', message })
  })
})
