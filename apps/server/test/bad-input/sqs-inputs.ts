import { formatTaskHandle } from '@stanchion/sqs'
import fc from 'fast-check'
import { alteredHandles, BAD_BODIES, BAD_QUEUE_NAMES, BAD_TOKENS, GARBAGE, PROTOTYPE_NAMES } from './bad-texts.ts'
import type { World } from './world.ts'

type Input = Readonly<Record<string, unknown>>

const arnOf = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`

/** A right input of every action, which would have an effect or an answer. */
export function rightInputs(world: World): Readonly<Record<string, Input>> {
  const { queue: QueueUrl, dead, handle: ReceiptHandle, label: Label } = world
  const MessageAttributes = { a: { DataType: 'String', StringValue: 'v' } }
  const message = { MessageBody: 'x', MessageAttributes }
  return {
    SendMessage: { QueueUrl, ...message },
    SendMessageBatch: { QueueUrl, Entries: [{ Id: 'a', ...message }] },
    ReceiveMessage: { QueueUrl, MaxNumberOfMessages: 10, AttributeNames: ['All'], MessageAttributeNames: ['All'] },
    DeleteMessage: { QueueUrl, ReceiptHandle },
    DeleteMessageBatch: { QueueUrl, Entries: [{ Id: 'a', ReceiptHandle }] },
    ChangeMessageVisibility: { QueueUrl, ReceiptHandle, VisibilityTimeout: 500 },
    ChangeMessageVisibilityBatch: { QueueUrl, Entries: [{ Id: 'a', ReceiptHandle, VisibilityTimeout: 500 }] },
    CreateQueue: { QueueName: 'made', Attributes: { DelaySeconds: '1' }, tags: { a: 'b' } },
    GetQueueUrl: { QueueName: world.queue },
    ListQueues: { MaxResults: 10 },
    GetQueueAttributes: { QueueUrl, AttributeNames: ['All'] },
    SetQueueAttributes: { QueueUrl, Attributes: { DelaySeconds: '1' } },
    DeleteQueue: { QueueUrl },
    PurgeQueue: { QueueUrl },
    TagQueue: { QueueUrl, Tags: { mine: 'now' } },
    UntagQueue: { QueueUrl, TagKeys: ['visible'] },
    ListQueueTags: { QueueUrl },
    ListDeadLetterSourceQueues: { QueueUrl: dead, MaxResults: 10 },
    StartMessageMoveTask: { SourceArn: arnOf(dead), MaxNumberOfMessagesPerSecond: 10 },
    CancelMessageMoveTask: { TaskHandle: formatTaskHandle({ taskId: world.taskId, sourceArn: arnOf(dead) }) },
    ListMessageMoveTasks: { SourceArn: arnOf(dead), MaxResults: 10 },
    AddPermission: { QueueUrl, Label, AWSAccountIds: ['123456789012'], Actions: ['SendMessage'] },
    RemovePermission: { QueueUrl, Label },
  }
}

/** The longest delay and visibility timeout, unless the server is told to be as strict as SQS. */
const YEAR_SECONDS = 31_536_000

const outside = (min: number, max: number) =>
  fc.oneof(
    fc.constantFrom(min - 1, max + 1, -1, 2 ** 31 - 1, -(2 ** 31)).filter((number) => number < min || number > max),
    fc.integer({ min: max + 1, max: 2 ** 31 - 1 }),
  )
const entry = (name: fc.Arbitrary<string>, value: fc.Arbitrary<unknown>) =>
  fc.tuple(name, value).map((pair) => Object.fromEntries([pair]))
const listWith = (item: fc.Arbitrary<string>) => item.map((text) => [text])

const BAD_INTEGER_TEXTS = fc.constantFrom(
  '-1',
  '1.5',
  '',
  'x',
  'NaN',
  '1e3',
  '9'.repeat(400),
  ' 1',
  '0x1',
  '٣',
  '\u0000',
)
const BAD_JSON_TEXTS = fc.oneof(
  GARBAGE,
  fc.constantFrom('{', '[]', '1', 'null', '"x"', '{"__proto__":1}', '{"constructor":{}}', '['.repeat(10_000)),
)
/** Attributes of queues: names that are none, and values of those that are. */
const BAD_QUEUE_ATTRIBUTES = fc.oneof(
  entry(fc.oneof(fc.constantFrom(...PROTOTYPE_NAMES, 'QueueArn', 'visibilitytimeout', ''), GARBAGE), fc.constant('1')),
  entry(
    fc.constantFrom('VisibilityTimeout', 'DelaySeconds', 'MessageRetentionPeriod', 'ReceiveMessageWaitTimeSeconds'),
    fc.oneof(BAD_INTEGER_TEXTS, GARBAGE),
  ),
  entry(fc.constantFrom('RedrivePolicy', 'RedriveAllowPolicy', 'Policy'), BAD_JSON_TEXTS),
)
const BAD_TAGS = fc.oneof(
  entry(fc.oneof(fc.constantFrom('', 'aws:x', 'x'.repeat(129), 'a\u0000'), GARBAGE), fc.constant('v')),
  entry(fc.constant('k'), fc.oneof(fc.constantFrom('x'.repeat(257), '\u0000', '<'), GARBAGE)),
)
const text = { DataType: 'String', StringValue: 'v' }
const BAD_ATTRIBUTES = fc.oneof(
  entry(
    fc.oneof(fc.constantFrom('', '.a', 'a.', 'a..b', 'AWS.a', 'amazon.a', 'x'.repeat(257)), GARBAGE),
    fc.constant(text),
  ),
  entry(
    fc.constant('a'),
    fc.oneof(GARBAGE, fc.constantFrom('', 'string', 'x'.repeat(257))).map((DataType) => ({ ...text, DataType })),
  ),
  entry(
    fc.constant('a'),
    BAD_BODIES.map((StringValue) => ({ ...text, StringValue })),
  ),
  entry(
    fc.constant('a'),
    fc
      .oneof(GARBAGE, fc.constantFrom('NaN', 'Infinity', '1e', '0x1', ''))
      .map((StringValue) => ({ DataType: 'Number', StringValue })),
  ),
  fc.constant(Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`a${i}`, text]))),
)
const message = {
  MessageBody: BAD_BODIES,
  DelaySeconds: outside(0, YEAR_SECONDS),
  MessageAttributes: BAD_ATTRIBUTES,
  MessageSystemAttributes: entry(fc.oneof(fc.constantFrom('', ...PROTOTYPE_NAMES), GARBAGE), fc.constant(text)),
  MessageGroupId: BAD_TOKENS,
  MessageDeduplicationId: BAD_TOKENS,
}

/** Values of the right kind that no parameter of this name takes: for every action that has one, and for one alone. */
export function badValues(world: World): Readonly<Record<string, fc.Arbitrary<unknown>>> {
  const { handle: ReceiptHandle } = world
  const handles = alteredHandles(ReceiptHandle)
  const entries = {
    SendMessageBatch: { MessageBody: 'x' },
    DeleteMessageBatch: { ReceiptHandle },
    ChangeMessageVisibilityBatch: { ReceiptHandle, VisibilityTimeout: 500 },
  }
  return {
    QueueUrl: fc.oneof(
      GARBAGE,
      fc.constantFrom('', '/', 'http://x', 'https://x/000000000000/never-there', ...PROTOTYPE_NAMES),
    ),
    ...Object.fromEntries(Object.entries(message).map(([name, bad]) => [`SendMessage.${name}`, bad])),
    'CreateQueue.QueueName': BAD_QUEUE_NAMES,
    'GetQueueUrl.QueueName': fc.oneof(BAD_QUEUE_NAMES, fc.constantFrom(...PROTOTYPE_NAMES)),
    Attributes: BAD_QUEUE_ATTRIBUTES,
    Tags: BAD_TAGS,
    tags: BAD_TAGS,
    ReceiptHandle: handles,
    'ChangeMessageVisibility.VisibilityTimeout': outside(0, YEAR_SECONDS),
    'ReceiveMessage.VisibilityTimeout': outside(0, YEAR_SECONDS),
    MaxNumberOfMessages: outside(1, 10),
    WaitTimeSeconds: outside(0, 20),
    ReceiveRequestAttemptId: BAD_TOKENS,
    'ListQueues.MaxResults': outside(1, 1_000),
    // There a page of none is taken for no page, as SQS does.
    'ListDeadLetterSourceQueues.MaxResults': outside(0, 1_000),
    'ListMessageMoveTasks.MaxResults': outside(1, 10),
    NextToken: GARBAGE,
    'GetQueueAttributes.AttributeNames': listWith(fc.oneof(GARBAGE, fc.constantFrom('', 'all', ...PROTOTYPE_NAMES))),
    SourceArn: fc.oneof(
      GARBAGE,
      fc.constantFrom('', 'arn:', 'arn:aws:sqs:::', arnOf('never-there'), arnOf('__proto__')),
    ),
    DestinationArn: fc.oneof(GARBAGE, fc.constantFrom('arn:', arnOf('never-there'))),
    MaxNumberOfMessagesPerSecond: outside(1, 500),
    TaskHandle: fc.oneof(
      GARBAGE,
      fc
        .constantFrom('null', '{}', '[]', '{"taskId":1,"sourceArn":2}', '{"taskId":"\\u0000","sourceArn":"a"}')
        .map(btoa),
      fc
        .constantFrom('\u0000', 'x', '__proto__')
        .map((taskId) => formatTaskHandle({ taskId, sourceArn: arnOf(world.dead) })),
    ),
    Label: fc.oneof(GARBAGE, fc.constantFrom('', 'a b', 'x'.repeat(81))),
    AWSAccountIds: listWith(fc.oneof(GARBAGE, fc.constantFrom('', '-1', '1.5', 'x'))),
    Actions: listWith(fc.oneof(GARBAGE, fc.constantFrom('', 'Nonsense', ...PROTOTYPE_NAMES))),
    ...Object.fromEntries(Object.entries(entries).map(([name, right]) => [`${name}.Entries`, badEntries(right)])),
  }
}

/** Lists of entries that are wrong as a whole. `right` is an entry that lacks nothing but its id. */
function badEntries(right: Input): fc.Arbitrary<readonly Input[]> {
  const named = (...ids: string[]) => ids.map((Id) => ({ Id, ...right }))
  return fc.oneof(
    fc.constantFrom([], [{}], [right], named(...'aa'), named(...'abcdefghijk'), [{ Id: 'a', ...right }, right]),
    fc.oneof(fc.constantFrom('', 'a b', 'x'.repeat(81), 'ä'), GARBAGE).map((Id) => named('a', Id)),
  )
}
