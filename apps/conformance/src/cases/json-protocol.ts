import { type CaseDraft, defineCases } from '../case.ts'
import type { HttpAnswer } from '../clients/http.ts'
import type { Context } from '../context.ts'
import { ERRORS, type ErrorName } from '../errors.ts'
import { check, equal, matches } from '../expect.ts'

const JSON_TYPE = 'application/x-amz-json-1.0'

/** Posts this body to an action. */
function post({ http }: Pick<Context, 'http'>, action: string, body: string | object, path = '/', type = JSON_TYPE) {
  return http({
    path,
    headers: { 'content-type': type, 'x-amz-target': `AmazonSQS.${action}` },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

/** Everything that the wire says about an error. */
function isError(answer: HttpAnswer, name: ErrorName, message?: string | RegExp): void {
  const { namespace, queryCode, status } = ERRORS[name]
  equal(answer.status, status, 'the status')
  const body = parse(answer)
  equal(body.__type, `${namespace}#${name}`, '__type')
  equal(answer.headers.get('x-amzn-query-error'), `${queryCode};Sender`, 'the header x-amzn-query-error')
  matches(answer.headers.get('content-type') ?? undefined, /^application\/x-amz-json-1\.0/, 'the content type')
  const text = name === 'AccessDeniedException' ? body.Message : body.message
  if (typeof message === 'string') equal(text, message, 'the message')
  else matches(text as string | undefined, message ?? /./, 'the message')
}

function parse(answer: HttpAnswer): Record<string, unknown> {
  try {
    return JSON.parse(answer.text) as Record<string, unknown>
  } catch {
    check(false, 'a JSON body', answer.text)
  }
}

/** An error of every kind that has a form of its own, with a request that brings it about. */
const ERROR_FORMS: readonly (readonly [name: ErrorName, action: string, input: object, message?: string])[] = [
  ['QueueDoesNotExist', 'GetQueueUrl', { QueueName: 'absent' }, 'The specified queue does not exist.'],
  [
    'InvalidAttributeName',
    'CreateQueue',
    { QueueName: 'x', Attributes: { Nonsense: '1' } },
    'Unknown Attribute Nonsense.',
  ],
  ['InvalidAttributeValue', 'CreateQueue', { QueueName: 'x', Attributes: { DelaySeconds: '-1' } }],
  ['InvalidParameterValueException', 'ListQueues', { MaxResults: 0 }],
  ['UnknownOperationException', 'FooBar', {}],
]

/** The same on a queue. */
const QUEUE_ERROR_FORMS: readonly (readonly [name: ErrorName, action: string, input: object])[] = [
  ['MissingRequiredParameterException', 'SendMessage', {}],
  ['InvalidMessageContents', 'SendMessage', { MessageBody: '\u0000' }],
  ['ReceiptHandleIsInvalid', 'DeleteMessage', { ReceiptHandle: 'x' }],
  ['EmptyBatchRequest', 'SendMessageBatch', { Entries: [] }],
  ['InvalidBatchEntryId', 'SendMessageBatch', { Entries: [{ Id: '!', MessageBody: 'x' }] }],
  [
    'BatchEntryIdsNotDistinct',
    'SendMessageBatch',
    {
      Entries: [
        { Id: 'a', MessageBody: 'x' },
        { Id: 'a', MessageBody: 'x' },
      ],
    },
  ],
  [
    'TooManyEntriesInBatchRequest',
    'SendMessageBatch',
    { Entries: Array.from({ length: 11 }, (_, i) => ({ Id: `e${i}`, MessageBody: 'x' })) },
  ],
  ['BatchRequestTooLong', 'SendMessageBatch', { Entries: [{ Id: 'a', MessageBody: 'x'.repeat(1_048_577) }] }],
  [
    'UnsupportedOperation',
    'SendMessage',
    { MessageBody: 'x', MessageAttributes: { a: { DataType: 'String', StringListValues: ['v'] } } },
  ],
]

/** Inputs of SendMessage whose JSON types are wrong. */
const WRONG_TYPES: readonly (readonly [what: string, input: object, message?: string])[] = [
  ['an object for a text', { MessageBody: {} }, 'Start of structure or map found where not expected.'],
  ['a list for a text', { MessageBody: ['x'] }, 'Start of list found where not expected'],
  [
    'a text that is no number for a number',
    { MessageBody: 'x', DelaySeconds: 'soon' },
    'STRING_VALUE can not be converted to an Integer',
  ],
  ['true for a number', { MessageBody: 'x', DelaySeconds: true }, 'TRUE_VALUE can not be converted to an Integer'],
  [
    'an object for a number',
    { MessageBody: 'x', DelaySeconds: {} },
    'Start of structure or map found where not expected.',
  ],
  ['a list for a map', { MessageBody: 'x', MessageAttributes: [] }],
  ['a text for a map', { MessageBody: 'x', MessageAttributes: 'x' }],
  [
    'bytes that are no base64',
    { MessageBody: 'x', MessageAttributes: { a: { DataType: 'Binary', BinaryValue: '*' } } },
  ],
]

/** Rules of AWS JSON 1.0 that no SDK lets one see. */
export const jsonProtocolCases = defineCases({ covers: [] }, [
  {
    name: 'A JSON answer has status 200, a UUID as x-amzn-RequestId, its content type and length, and a Date',
    covers: ['ListQueues'],
    async run(context) {
      const { status, headers, text } = await post(context, 'ListQueues', {})
      equal(status, 200, 'the status')
      matches(
        headers.get('x-amzn-requestid') ?? undefined,
        /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
        'x-amzn-RequestId',
      )
      check(
        headers.get('x-amzn-requestid') !== '00000000-0000-0000-0000-000000000000',
        'an id that is not zero',
        headers,
      )
      matches(headers.get('content-type') ?? undefined, /^application\/x-amz-json-1\.0/, 'Content-Type')
      equal(Number(headers.get('content-length')), Buffer.byteLength(text), 'Content-Length')
      const seconds = Math.abs(Date.parse(headers.get('date') ?? '') - Date.now()) / 1_000
      check(seconds < 300, 'a Date that is about now', headers.get('date'))
    },
  },
  {
    name: 'Every request has a request id of its own',
    covers: ['ListQueues'],
    async run(context) {
      const answers = await Promise.all([1, 2, 3].map(() => post(context, 'ListQueues', {})))
      equal(new Set(answers.map(({ headers }) => headers.get('x-amzn-requestid'))).size, 3, 'ids')
    },
  },
  {
    name: 'An action without output answers {} or nothing, and an empty receive {}',
    evidence: 'S',
    covers: ['PurgeQueue', 'ReceiveMessage'],
    async run(context) {
      const QueueUrl = await context.queue()
      for (const action of ['PurgeQueue', 'ReceiveMessage', 'ListQueueTags', 'GetQueueAttributes']) {
        const { text } = await post(context, action, { QueueUrl })
        check(text === '{}' || text === '', '{}', `${action}: ${text}`)
      }
    },
  },
  ...ERROR_FORMS.map(
    ([name, action, input, message]): CaseDraft => ({
      name: `The error ${name} has its __type, x-amzn-query-error, status and message`,
      evidence: 'R',
      async run(context) {
        isError(await post(context, action, { ...input }), name, message)
      },
    }),
  ),
  ...QUEUE_ERROR_FORMS.map(
    ([name, action, input]): CaseDraft => ({
      name: `The error ${name} has its __type, x-amzn-query-error, status and message`,
      evidence: 'R',
      async run(context) {
        isError(await post(context, action, { QueueUrl: await context.queue(), ...input }), name)
      },
    }),
  ),
  {
    name: 'The error QueueNameExists has its __type, x-amzn-query-error, status and message',
    evidence: 'R',
    covers: ['CreateQueue'],
    async run(context) {
      const QueueName = context.newName()
      await context.sqs.createQueue({ QueueName })
      const text = 'A queue already exists with the same name and a different value for attribute DelaySeconds'
      isError(
        await post(context, 'CreateQueue', { QueueName, Attributes: { DelaySeconds: '1' } }),
        'QueueNameExists',
        text,
      )
    },
  },
  ...['{', 'null', '[]', '"x"', '7'].map(
    (body): CaseDraft => ({
      name: `The body ${JSON.stringify(body)} is a SerializationException`,
      evidence: 'R',
      async run(context) {
        isError(await post(context, 'CreateQueue', body), 'SerializationException')
      },
    }),
  ),
  {
    name: 'A body that is not UTF-8 is refused',
    evidence: 'U',
    async run({ http, queue }) {
      const start = Buffer.from(`{"QueueUrl":"${await queue()}","MessageBody":"`)
      const { status } = await http({
        headers: { 'content-type': JSON_TYPE, 'x-amz-target': 'AmazonSQS.SendMessage' },
        body: new Uint8Array(Buffer.concat([start, Buffer.from([0xc3, 0x28]), Buffer.from('"}')])),
      })
      equal(status, 400, 'the status')
    },
  },
  ...WRONG_TYPES.map(
    ([what, input, message]): CaseDraft => ({
      name: `JSON with ${what} is a SerializationException`,
      evidence: 'S',
      covers: ['SendMessage'],
      async run(context) {
        const QueueUrl = await context.queue()
        isError(await post(context, 'SendMessage', { QueueUrl, ...input }), 'SerializationException', message)
        await context.receiveNothing(QueueUrl)
      },
    }),
  ),
  {
    name: 'A list as the value of an attribute is a SerializationException',
    evidence: 'S',
    covers: ['CreateQueue.Attributes'],
    async run(context) {
      const input = { QueueName: context.newName(), Attributes: { DelaySeconds: ['1'] } }
      const text = 'Unrecognized collection type class java.lang.String'
      isError(await post(context, 'CreateQueue', input), 'SerializationException', text)
    },
  },
  {
    name: 'Numbers and booleans for texts, and numeric texts for numbers, are taken',
    evidence: 'S',
    covers: ['CreateQueue.Attributes', 'SendMessage.MessageBody', 'SendMessage.DelaySeconds'],
    async run(context) {
      const QueueName = context.newName()
      const Attributes = { VisibilityTimeout: 77, SqsManagedSseEnabled: false }
      const { status } = await post(context, 'CreateQueue', { QueueName, Attributes })
      equal(status, 200, 'the status of CreateQueue')
      const { QueueUrl = '' } = await context.sqs.getQueueUrl({ QueueName })
      equal(await context.attribute(QueueUrl, 'VisibilityTimeout'), '77', 'VisibilityTimeout')
      equal(await context.attribute(QueueUrl, 'SqsManagedSseEnabled'), 'false', 'SqsManagedSseEnabled')
      await post(context, 'SendMessage', { QueueUrl, MessageBody: 12, DelaySeconds: '0' })
      equal((await context.receiveOne(QueueUrl)).Body, '12', 'the body')
    },
  },
  {
    name: 'Unknown members are ignored, and null ones are absent',
    evidence: 'S',
    covers: ['SendMessage'],
    async run(context) {
      const QueueUrl = await context.queue()
      const input = { QueueUrl, MessageBody: 'x', Nonsense: { a: [1] }, DelaySeconds: null, MessageAttributes: null }
      equal((await post(context, 'SendMessage', input)).status, 200, 'the status')
      isError(await post(context, 'SendMessage', { QueueUrl, MessageBody: null }), 'MissingRequiredParameterException')
    },
  },
  {
    name: 'The path does not matter to JSON: a queue path, another queue and an unknown path all do',
    evidence: 'R',
    covers: ['SendMessage', 'CreateQueue'],
    async run(context) {
      const QueueUrl = await context.queue()
      const { pathname } = new URL(QueueUrl)
      for (const path of [pathname, `${pathname}-other`, '/', `${pathname}/`]) {
        equal(
          (await post(context, 'SendMessage', { QueueUrl, MessageBody: 'x' }, path)).status,
          200,
          `status at ${path}`,
        )
      }
      const created = await post(context, 'CreateQueue', { QueueName: context.newName() }, pathname)
      equal(created.status, 200, 'the status of CreateQueue at the path of a queue')
    },
  },
  {
    name: 'The path of a queue does not stand in for QueueUrl in JSON',
    evidence: 'R',
    covers: ['SendMessage.QueueUrl'],
    async run(context) {
      const { pathname } = new URL(await context.queue())
      isError(await post(context, 'SendMessage', { MessageBody: 'x' }, pathname), 'QueueDoesNotExist')
    },
  },
  ...[`${JSON_TYPE}; charset=utf-8`, 'application/x-amz-json-1.1', 'application/json', 'text/plain'].map(
    (type): CaseDraft => ({
      name: `X-Amz-Target with the content type ${type} is JSON`,
      evidence: type.startsWith(JSON_TYPE) ? 'D' : 'U',
      covers: ['ListQueues'],
      async run(context) {
        const { status, text } = await post(context, 'ListQueues', {}, '/', type)
        equal(status, 200, 'the status')
        check(text.startsWith('{'), 'a JSON body', text)
      },
    }),
  ),
  {
    name: 'JSON without X-Amz-Target is an UnknownOperationException',
    evidence: 'R',
    async run({ http }) {
      isError(await http({ headers: { 'content-type': JSON_TYPE }, body: '{}' }), 'UnknownOperationException')
    },
  },
  {
    name: 'Header names and x-amzn-query-mode do not matter',
    covers: ['ListQueues'],
    async run({ http }) {
      const headers = { 'CONTENT-TYPE': JSON_TYPE, 'X-AMZ-TARGET': 'AmazonSQS.ListQueues', 'X-Amzn-Query-Mode': 'true' }
      equal((await http({ headers, body: '{}' })).status, 200, 'the status')
    },
  },
  {
    name: 'Numbers are texts where SQS has texts',
    covers: ['GetQueueAttributes', 'ReceiveMessage'],
    async run(context) {
      const QueueUrl = await context.queue()
      await context.sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
      for (const [action, input] of [
        ['GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] }],
        ['ReceiveMessage', { QueueUrl, MessageSystemAttributeNames: ['All'], WaitTimeSeconds: 2 }],
      ] as const) {
        const { text } = await post(context, action, input)
        JSON.parse(text, (key, value) => {
          check(typeof value === 'string' || typeof value === 'object', `${key} as a text`, value)
          return value
        })
      }
    },
  },
  {
    name: 'A batch of 1 MiB written in \\u escapes is taken',
    covers: ['SendMessageBatch'],
    async run(context) {
      const QueueUrl = await context.queue()
      const entries = Array.from(
        { length: 10 },
        (_, i) => `{"Id":"e${i}","MessageBody":"${'\\u0041'.repeat(100_000)}"}`,
      )
      const body = `{"QueueUrl":${JSON.stringify(QueueUrl)},"Entries":[${entries.join(',')}]}`
      const { text } = await post(context, 'SendMessageBatch', body)
      check(!text.includes('Failed') && text.includes('e9'), 'ten results', text)
    },
  },
]).map((item) => ({ ...item, protocols: ['json'] as const }))
