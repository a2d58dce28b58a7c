import type { MessageAttributes } from '../api.ts'
import { type CaseDraft, defineCases } from '../case.ts'
import { md5OfAttributes } from '../digests.ts'
import type { ErrorName } from '../errors.ts'
import { equal, fails } from '../expect.ts'

const text = (StringValue: string, DataType = 'String') => ({ DataType, StringValue })
const number = (StringValue: string, label = '') => ({ DataType: `Number${label}`, StringValue })
const bytes = (value: string | readonly number[], DataType = 'Binary') => ({
  DataType,
  BinaryValue: typeof value === 'string' ? Uint8Array.from(Buffer.from(value)) : Uint8Array.from(value),
})

/** Digests that were recorded, or that peers publish. */
const VECTORS: readonly (readonly [attributes: MessageAttributes, digest: string, evidence?: 'R' | 'S'])[] = [
  [{ Hello: text('There') }, 'a311262e065454b75da111d535b8dacd'],
  [{ General: text('Kenobi'), Hello: text('There') }, 'fca026605781cb4126a1e9044df24232'],
  [{ Hello: text('There'), 'Help.Me': text('Me') }, '83fee93c1bcd8b9a5a923ffacdc636c7'],
  [{ General: text('Kenobi'), Hello: text('There'), 'Help.Me': text('Me') }, '4c360f3fdafd970e05fae2f149d997f5'],
  [{ Foo: text('Bar') }, 'ae7155c6026991b6d54b11589678bf9c'],
  [{ k: text('x') }, 'a45daa70926828a2f0a1db3418e6feb4'],
  [{ timestamp: number('1493147359900') }, '235c5c510d26fb653d073faed50ae77c'],
  [{ timestamp: number('1493147359900', '.java.lang.Long') }, '2e2e4876d8e0bd6b8c2c8f556831c349', 'S'],
  [{ 'SOME_Valid.attribute-Name': number('1493147359900') }, '36655e7e9d7c0e8479fa3f3f42247ae7', 'S'],
  [
    {
      id: text('2018fc74-4f77-1a5a-1be0-c2d037d5052b'),
      contentType: text('application/json'),
      timestamp: number('1602845432024', '.java.lang.Long'),
    },
    'b12289320bb6e494b18b645ef562b4a9',
    'S',
  ],
  [
    {
      id: text('453ae55e-f03b-21a6-a4b1-70c2e2e8fe71'),
      mybin: bytes('kekchebukek'),
      timestamp: number('1603134247654', '.java.lang.Long'),
      contentType: text('application/json'),
    },
    '049075255ebc53fb95f7f9f3cedf3c50',
    'S',
  ],
  [
    { attr1: bytes('traceparent\u001e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01') },
    '8cbe4db156db8a94db8b801b7addb984',
  ],
  [
    { order_type: text('priority'), attempt: number('3', '.int'), blob: bytes([0, 1, 2, 255], 'Binary.png') },
    '75c377d19d18e3e6879de32fc854cc30',
    'S',
  ],
  [{ A: text('2'), B: text('4'), a: text('3'), b: text('1') }, '9e85d9eadc48acb681c76c07f5619efa', 'S'],
]

/** Attributes that are legal at the edge of a rule. */
const LEGAL: readonly (readonly [what: string, attributes: MessageAttributes])[] = [
  ['ten attributes', Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`a${i}`, text('v')]))],
  ['a name of 256 characters', { ['n'.repeat(256)]: text('v') }],
  ['a name of one character', { n: text('v') }],
  ['a name of letters, digits, _, - and .', { 'Az09_-.x': text('v') }],
  ['names that differ in case alone', { name: text('1'), NAME: text('2') }],
  ['a name that only looks reserved', { AWSomething: text('v'), Amazonia: text('v') }],
  ['a type of 256 characters', { a: text('v', `String.${'x'.repeat(249)}`) }],
  ['labels of all types', { a: text('v', 'String.Array'), b: number('1', '.float'), c: bytes([1], 'Binary.gif') }],
  ['text with CR LF and quotes', { a: text('x\r\n"<&>\' y') }],
  ['text outside of ASCII', { a: text('日本 😀') }],
  ['all byte values', { a: bytes(Array.from({ length: 256 }, (_, i) => i)) }],
  ['numbers as they were written', { a: number('1.0'), b: number('007'), c: number('-0.50'), d: number('1e10') }],
  ['a number of 38 digits', { a: number('1'.repeat(38)) }],
  ['numbers at the ends of the range', { a: number('1e126'), b: number('-1E-128'), c: number('+5') }],
]

const NOT_LISTS = 'Message attribute list values in SendMessage operation are not supported.'

/** Attributes that are refused. */
const ILLEGAL: readonly (readonly [
  what: string,
  attributes: MessageAttributes,
  text?: string,
  evidence?: 'R' | 'S',
  error?: ErrorName,
])[] = [
  [
    'eleven attributes',
    Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`a${i}`, text('v')])),
    'Number of message attributes [11] exceeds the allowed maximum [10].',
  ],
  [
    'an empty text',
    { a: text('') },
    "Message (user) attribute 'a' must contain a non-empty value of type 'String'.",
    'R',
  ],
  [
    'an empty number',
    { a: number('') },
    "Message (user) attribute 'a' must contain a non-empty value of type 'Number'.",
  ],
  ['empty bytes', { a: bytes([]) }, "Message (user) attribute 'a' must contain a non-empty value of type 'Binary'."],
  ['a type without a value', { a: { DataType: 'String' } }],
  [
    'a value without a type',
    { a: { StringValue: 'v' } },
    "The message (user) attribute 'a' must contain a non-empty message attribute type.",
  ],
  [
    'an empty type',
    { a: text('v', '') },
    "The message (user) attribute 'a' must contain a non-empty message attribute type.",
  ],
  ...['Text', 'string', 'Strings', '.String', 'Number2'].map(
    (type) =>
      [
        `the type ${type}`,
        { a: text('1', type) },
        "The type of message (user) attribute 'a' is invalid. You must use only the following supported type prefixes: Binary, Number, String.",
      ] as const,
  ),
  ...['x', '1,5', '0x10', 'Infinity', '1 2', '--1'].map(
    (value) =>
      [
        `the number ${value}`,
        { a: number(value) },
        "Can't cast the value of message (user) attribute 'a' to a number.",
      ] as const,
  ),
  ['a number of 39 digits', { a: number('1'.repeat(39)) }],
  ['a number above 1e126', { a: number('1e127') }],
  [
    'a text in the field of bytes',
    { a: bytes('v', 'String') },
    "Message (user) attribute 'a' with type 'String' must use field 'String'.",
  ],
  [
    'bytes in the field of text',
    { a: text('v', 'Binary') },
    "Message (user) attribute 'a' with type 'Binary' must use field 'Binary'.",
  ],
  [
    'two values',
    { a: { ...text('v'), ...bytes('v', 'String') } },
    "Message (user) attribute 'a' must have a single value.",
  ],
  ['an empty name', { '': text('v') }, 'The request must contain non-empty message (user) attribute names.'],
  [
    'a name of 257 characters',
    { ['n'.repeat(257)]: text('v') },
    'Message (user) attribute name must be shorter than 256 bytes.',
  ],
  [
    'a type of 257 characters',
    { a: text('v', `String.${'x'.repeat(250)}`) },
    'Message (user) attribute type must be shorter than 256 bytes.',
  ],
  ...['AWS.a', 'aws.a', 'Amazon.a', 'AMAZON.a'].map(
    (name) =>
      [
        `the reserved name ${name}`,
        { [name]: text('v') },
        "You can't use message attribute names beginning with 'AWS.' or 'Amazon'. These strings are reserved for internal use.",
      ] as const,
  ),
  [
    'a name that begins with .',
    { '.a': text('v') },
    "Message (user) attribute name must not begin with character '.'.",
  ],
  ['a name that ends with .', { 'a.': text('v') }, "Message (user) attribute name must not end with character '.'."],
  ['a name with ..', { 'a..b': text('v') }, "Message (user) attribute name must not have successive '.' characters."],
  ['a name with a space', { 'a b': text('v') }],
  ['a text with forbidden characters', { a: text('a\u0000b') }],
  ['a list of texts', { a: { DataType: 'String', StringListValues: ['v'] } }, NOT_LISTS, 'R', 'UnsupportedOperation'],
  [
    'a list of bytes',
    { a: { DataType: 'Binary', BinaryListValues: [Uint8Array.of(1)] } },
    NOT_LISTS,
    'R',
    'UnsupportedOperation',
  ],
]

const SENT: MessageAttributes = { General: text('Kenobi'), Hello: text('There'), 'Help.Me': text('Me') }

/** What a receive returns of {@link SENT} for these names. */
const SELECTIONS: readonly (readonly [names: readonly string[] | undefined, returned: readonly string[]])[] = [
  [undefined, []],
  [[], []],
  [['All'], ['General', 'Hello', 'Help.Me']],
  [['.*'], ['General', 'Hello', 'Help.Me']],
  [['*'], ['General', 'Hello', 'Help.Me']],
  [['Hello'], ['Hello']],
  [['hello'], []],
  [['Hel.*'], ['Hello', 'Help.Me']],
  [['Help.*'], ['Help.Me']],
  [['Hel*'], []],
  [['H.l.*'], []],
  [['Absent', 'Hello'], ['Hello']],
  [['Absent', 'not legal!', ''], []],
  [
    ['Gen.*', 'Hello'],
    ['General', 'Hello'],
  ],
]

/** Rules of message attributes: what is taken, what is refused, what comes back. */
export const messageAttributeCases = defineCases({ covers: ['SendMessage.MessageAttributes'] }, [
  ...VECTORS.map(
    ([MessageAttributes, digest, evidence = 'R']): CaseDraft => ({
      name: `The digest of ${Object.entries(MessageAttributes)
        .map(([name, value]) => `${name} (${value?.DataType})`)
        .join(', ')} is ${digest}`,
      evidence,
      covers: ['SendMessage.MessageAttributes', 'ReceiveMessage.MessageAttributeNames'],
      async run({ sqs, queue, receiveOne }) {
        const QueueUrl = await queue()
        const sent = await sqs.sendMessage({ QueueUrl, MessageBody: 'x', MessageAttributes })
        equal(sent.MD5OfMessageAttributes, digest, 'MD5OfMessageAttributes of the send')
        const message = await receiveOne(QueueUrl, { MessageAttributeNames: ['All'] })
        equal(message.MD5OfMessageAttributes, digest, 'MD5OfMessageAttributes of the receive')
        equal(sorted(message.MessageAttributes), sorted(MessageAttributes), 'MessageAttributes')
      },
    }),
  ),
  ...LEGAL.map(
    ([what, MessageAttributes]): CaseDraft => ({
      name: `Message attributes may have ${what}`,
      covers: ['SendMessage.MessageAttributes', 'ReceiveMessage.MessageAttributeNames'],
      async run({ sqs, queue, receiveOne }) {
        const QueueUrl = await queue()
        const digest = md5OfAttributes(MessageAttributes)
        const sent = await sqs.sendMessage({ QueueUrl, MessageBody: 'x', MessageAttributes })
        equal(sent.MD5OfMessageAttributes, digest, 'MD5OfMessageAttributes of the send')
        const message = await receiveOne(QueueUrl, { MessageAttributeNames: ['All'] })
        equal(sorted(message.MessageAttributes), sorted(MessageAttributes), 'MessageAttributes')
        equal(message.MD5OfMessageAttributes, digest, 'MD5OfMessageAttributes of the receive')
      },
    }),
  ),
  ...ILLEGAL.map(
    ([what, MessageAttributes, message, evidence = 'S', error = 'InvalidParameterValueException']): CaseDraft => ({
      name: `Message attributes are refused with ${what}`,
      evidence,
      async run({ sqs, queue, receiveNothing }) {
        const QueueUrl = await queue()
        await fails(sqs.sendMessage({ QueueUrl, MessageBody: 'x', MessageAttributes }), error, message)
        await receiveNothing(QueueUrl)
      },
    }),
  ),
  ...SELECTIONS.map(
    ([MessageAttributeNames, returned]): CaseDraft => ({
      name: `MessageAttributeNames ${JSON.stringify(MessageAttributeNames) ?? 'absent'} returns ${returned.join(', ') || 'nothing'}, and the digest of just that`,
      evidence: 'R',
      covers: ['ReceiveMessage.MessageAttributeNames'],
      async run({ sqs, queue, receiveOne }) {
        const QueueUrl = await queue()
        await sqs.sendMessage({ QueueUrl, MessageBody: 'x', MessageAttributes: SENT })
        const message = await receiveOne(QueueUrl, { MessageAttributeNames })
        const expected = Object.fromEntries(returned.map((name) => [name, SENT[name]]))
        const isEmpty = returned.length === 0
        equal(sorted(message.MessageAttributes), isEmpty ? undefined : sorted(expected), 'MessageAttributes')
        const digest = isEmpty ? undefined : md5OfAttributes(expected)
        equal(message.MD5OfMessageAttributes, digest, 'MD5OfMessageAttributes')
      },
    }),
  ),
])

/** Maps come in any order. */
function sorted(attributes: MessageAttributes | undefined) {
  return attributes && Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))
}
