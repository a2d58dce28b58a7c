import type { Entry, ReceivedEntry, Result, SentEntry } from '../../history/event.ts'
import { md5OfAttributes, md5OfBody } from '../digests.ts'
import { type Attributes, type NewMessage, valueIn } from '../message.ts'
import { call, type Patience } from './call.ts'
import { noDetails, resultOf, toChangeMembers, toCounts, toDeleteMembers, toReceiveMembers } from './sqs-members.ts'
import type { ReceiveOptions, Wire } from './wire.ts'

const ACCOUNT = '000000000000'

interface BatchResult<T> {
  readonly Successful?: readonly ({ readonly Id: string } & T)[]
  readonly Failed?: readonly { readonly Id: string; readonly SenderFault: boolean; readonly Code: string }[]
}

interface Sent {
  readonly MessageId: string
  readonly SequenceNumber?: string
  readonly MD5OfMessageBody?: string
  readonly MD5OfMessageAttributes?: string
}

interface Received {
  readonly MessageId: string
  readonly ReceiptHandle: string
  readonly Body: string
  readonly MD5OfBody?: string
  readonly MD5OfMessageAttributes?: string
  readonly Attributes?: Readonly<Record<string, string>>
  readonly MessageAttributes?: Readonly<
    Record<string, { readonly DataType: string; readonly StringValue?: string; readonly BinaryValue?: string }>
  >
}

/** SQS over AWS JSON 1.0. */
export const jsonWire: Wire = {
  protocol: 'json',
  send(server, queue, messages) {
    return many(server, queue, 'SendMessage', messages.map(toMembers), toSent, (entries) => ({ kind: 'send', entries }))
  },
  receive(server, queue, options: ReceiveOptions) {
    const input = {
      QueueUrl: urlOf(server, queue),
      ...toReceiveMembers(options),
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }
    return ask(
      server,
      'ReceiveMessage',
      input,
      ({ Messages = [] }: { readonly Messages?: readonly Received[] }) => ({
        kind: 'receive',
        messages: Messages.map(toReceived),
      }),
      options,
    )
  },
  delete: (server, queue, handles) =>
    many(server, queue, 'DeleteMessage', toDeleteMembers(handles), noDetails, resultOf('delete')),
  change: (server, queue, changes) =>
    many(server, queue, 'ChangeMessageVisibility', toChangeMembers(changes), noDetails, resultOf('change')),
  count(server, queue) {
    const input = { QueueUrl: urlOf(server, queue), AttributeNames: ['All'] }
    return ask(
      server,
      'GetQueueAttributes',
      input,
      ({ Attributes = {} }: { readonly Attributes?: Readonly<Record<string, string>> }) => ({
        kind: 'count',
        counts: toCounts(Attributes),
      }),
    )
  },
  purge: (server, queue) => ask(server, 'PurgeQueue', { QueueUrl: urlOf(server, queue) }, () => ({ kind: 'purge' })),
  deleteQueue: (server, queue) =>
    ask(server, 'DeleteQueue', { QueueUrl: urlOf(server, queue) }, () => ({ kind: 'deleteQueue' })),
}

/** Creates a queue; `attributes` as SQS calls them. */
export function createQueue(server: string, QueueName: string, Attributes: Readonly<Record<string, string>>) {
  return ask(server, 'CreateQueue', { QueueName, Attributes }, () => ({ kind: 'createQueue' }))
}

/** What SQS calls a queue. */
export function arnOf(queue: string): string {
  return `arn:aws:sqs:us-east-1:${ACCOUNT}:${queue}`
}

/** Where SQS finds a queue. */
export function urlOf(server: string, queue: string): string {
  return `${server}/${ACCOUNT}/${queue}`
}

/** The action for one entry, or its batch with numbered ones. */
function many<T, E>(
  server: string,
  queue: string,
  action: string,
  entries: readonly object[],
  toEntry: (output: T) => E,
  toResult: (entries: readonly Entry<E>[]) => Result,
) {
  const QueueUrl = urlOf(server, queue)
  if (entries.length === 1) {
    return ask(server, action, { QueueUrl, ...entries[0] }, (output: T) =>
      toResult([{ outcome: 'ok', ...toEntry(output) }]),
    )
  }
  const Entries = entries.map((entry, i) => ({ Id: String(i), ...entry }))
  return ask(server, `${action}Batch`, { QueueUrl, Entries }, ({ Successful = [], Failed = [] }: BatchResult<T>) => {
    const results = new Map<string, Entry<E>>()
    for (const { Id, ...output } of Successful) results.set(Id, { outcome: 'ok', ...toEntry(output as T) })
    for (const { Id, SenderFault, Code } of Failed) {
      results.set(Id, { outcome: SenderFault ? 'fail' : 'unknown', code: Code })
    }
    return toResult(entries.map((_, i) => results.get(String(i)) ?? { outcome: 'unknown', code: 'no answer' }))
  })
}

function ask<T>(server: string, action: string, input: object, toResult: (output: T) => Result, patience?: Patience) {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${action}` }
  return call(
    server,
    { method: 'POST', headers, body: JSON.stringify(input) },
    {
      toResult: (text) => toResult((text === '' ? {} : JSON.parse(text)) as T),
      toCode: (text) => /"__type":"[^"#]*#?([^"]*)"/.exec(text)?.[1] ?? text.slice(0, 100),
    },
    patience,
  )
}

function toMembers({ body, attributes, entry }: NewMessage) {
  const values = Object.entries(attributes).map(([name, { type, value }]) => [
    name,
    { DataType: type, [type === 'Binary' ? 'BinaryValue' : 'StringValue']: value },
  ])
  return {
    MessageBody: body,
    MessageAttributes: values.length === 0 ? undefined : Object.fromEntries(values),
    MessageGroupId: entry.group,
    MessageDeduplicationId: entry.deduplicationId,
    DelaySeconds: entry.delaySeconds,
  }
}

function toSent({ MessageId, SequenceNumber, MD5OfMessageBody, MD5OfMessageAttributes }: Sent): SentEntry {
  return {
    messageId: MessageId,
    ...(SequenceNumber === undefined ? {} : { sequenceNumber: SequenceNumber }),
    ...(MD5OfMessageBody === undefined ? {} : { saidMd5: MD5OfMessageBody }),
    ...(MD5OfMessageAttributes === undefined ? {} : { saidAttributesMd5: MD5OfMessageAttributes }),
  }
}

function toReceived(message: Received): ReceivedEntry {
  const attributes: Attributes = Object.fromEntries(
    Object.entries(message.MessageAttributes ?? {}).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { type: DataType as 'String', value: StringValue ?? BinaryValue ?? '' },
    ]),
  )
  const attributesMd5 = md5OfAttributes(attributes)
  const { MessageGroupId, SequenceNumber, ApproximateReceiveCount } = message.Attributes ?? {}
  return {
    messageId: message.MessageId,
    handle: message.ReceiptHandle,
    value: valueIn(message.Body),
    md5: md5OfBody(message.Body),
    receiveCount: Number(ApproximateReceiveCount),
    ...(attributesMd5 === undefined ? {} : { attributesMd5 }),
    ...(message.MD5OfBody === undefined ? {} : { saidMd5: message.MD5OfBody }),
    ...(message.MD5OfMessageAttributes === undefined ? {} : { saidAttributesMd5: message.MD5OfMessageAttributes }),
    ...(MessageGroupId === undefined ? {} : { group: MessageGroupId }),
    ...(SequenceNumber === undefined ? {} : { sequenceNumber: SequenceNumber }),
  }
}
