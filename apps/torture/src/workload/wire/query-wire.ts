import { parseXml, type XmlElement } from '@stanchion/testing'
import type { Entry, ReceivedEntry, Result, SentEntry } from '../../history/event.ts'
import { md5OfAttributes, md5OfBody } from '../digests.ts'
import { type Attributes, type NewMessage, valueIn } from '../message.ts'
import { call, type Patience } from './call.ts'
import { urlOf } from './json-wire.ts'
import { noDetails, resultOf, toChangeMembers, toCounts, toDeleteMembers, toReceiveMembers } from './sqs-members.ts'
import type { Wire } from './wire.ts'

type Form = Readonly<Record<string, string | number | undefined>>

/** SQS over the Query protocol: forms in, XML out. */
export const queryWire: Wire = {
  protocol: 'query',
  send: (server, queue, messages) =>
    many(server, queue, 'SendMessage', messages.map(toForm), toSent, (entries) => ({ kind: 'send', entries })),
  receive(server, queue, options) {
    const form = {
      'AttributeName.1': 'All',
      'MessageAttributeName.1': 'All',
      ...toReceiveMembers(options),
    }
    const toResult = (result: XmlElement): Result => ({
      kind: 'receive',
      messages: childrenOf(result, 'Message').map(toReceived),
    })
    return ask(server, queue, 'ReceiveMessage', form, toResult, options)
  },
  delete: (server, queue, handles) =>
    many(server, queue, 'DeleteMessage', toDeleteMembers(handles), noDetails, resultOf('delete')),
  change: (server, queue, changes) =>
    many(server, queue, 'ChangeMessageVisibility', toChangeMembers(changes), noDetails, resultOf('change')),
  count: (server, queue) =>
    ask(server, queue, 'GetQueueAttributes', { 'AttributeName.1': 'All' }, (result) => ({
      kind: 'count',
      counts: toCounts(pairsOf(result, 'Attribute')),
    })),
  purge: (server, queue) => ask(server, queue, 'PurgeQueue', {}, () => ({ kind: 'purge' })),
  deleteQueue: (server, queue) => ask(server, queue, 'DeleteQueue', {}, () => ({ kind: 'deleteQueue' })),
}

/** The action for one entry, or its batch with numbered ones. */
function many<E>(
  server: string,
  queue: string,
  action: string,
  forms: readonly Form[],
  toEntry: (result: XmlElement) => E,
  toResult: (entries: readonly Entry<E>[]) => Result,
) {
  const [only] = forms
  if (forms.length === 1 && only !== undefined) {
    return ask(server, queue, action, only, (result) => toResult([{ outcome: 'ok', ...toEntry(result) }]))
  }
  const form = Object.fromEntries(
    forms.flatMap((entry, i) =>
      Object.entries({ Id: i, ...entry }).map(([name, value]) => [
        `${action}BatchRequestEntry.${i + 1}.${name}`,
        value,
      ]),
    ),
  )
  return ask(server, queue, `${action}Batch`, form, (result) => {
    const entries = new Map<string, Entry<E>>()
    for (const each of childrenOf(result, `${action}BatchResultEntry`)) {
      entries.set(textOf(each, 'Id') ?? '', { outcome: 'ok', ...toEntry(each) })
    }
    for (const each of childrenOf(result, 'BatchResultErrorEntry')) {
      const outcome = textOf(each, 'SenderFault') === 'true' ? 'fail' : 'unknown'
      entries.set(textOf(each, 'Id') ?? '', { outcome, code: textOf(each, 'Code') ?? '' })
    }
    return toResult(forms.map((_, i) => entries.get(String(i)) ?? { outcome: 'unknown', code: 'no answer' }))
  })
}

function ask(
  server: string,
  queue: string,
  Action: string,
  form: Form,
  toResult: (result: XmlElement) => Result,
  patience?: Patience,
) {
  const pairs = new URLSearchParams({ Action, QueueUrl: urlOf(server, queue), Version: '2012-11-05' })
  for (const [name, value] of Object.entries(form)) if (value !== undefined) pairs.append(name, String(value))
  return call(
    server,
    { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: pairs.toString() },
    {
      toResult(text) {
        const root = parseXml(text)
        return toResult(childrenOf(root, `${Action}Result`)[0] ?? root)
      },
      toCode: (text) => /<Code>([^<]*)</.exec(text)?.[1] ?? text.slice(0, 100),
    },
    patience,
  )
}

function toForm({ body, attributes, entry }: NewMessage): Form {
  const values = Object.entries(attributes).flatMap(([name, { type, value }], i) => [
    [`MessageAttribute.${i + 1}.Name`, name],
    [`MessageAttribute.${i + 1}.Value.DataType`, type],
    [`MessageAttribute.${i + 1}.Value.${type === 'Binary' ? 'BinaryValue' : 'StringValue'}`, value],
  ])
  return {
    MessageBody: body,
    MessageGroupId: entry.group,
    MessageDeduplicationId: entry.deduplicationId,
    DelaySeconds: entry.delaySeconds,
    ...Object.fromEntries(values),
  }
}

function toSent(result: XmlElement): SentEntry {
  const [sequenceNumber, saidMd5, saidAttributesMd5] = [
    'SequenceNumber',
    'MD5OfMessageBody',
    'MD5OfMessageAttributes',
  ].map((name) => textOf(result, name))
  return {
    messageId: textOf(result, 'MessageId') ?? '',
    ...(sequenceNumber === undefined ? {} : { sequenceNumber }),
    ...(saidMd5 === undefined ? {} : { saidMd5 }),
    ...(saidAttributesMd5 === undefined ? {} : { saidAttributesMd5 }),
  }
}

function toReceived(message: XmlElement): ReceivedEntry {
  const body = textOf(message, 'Body') ?? ''
  const attributes: Attributes = Object.fromEntries(
    childrenOf(message, 'MessageAttribute').map((attribute) => {
      const [value] = childrenOf(attribute, 'Value')
      const text = (name: string) => (value === undefined ? undefined : textOf(value, name))
      return [
        textOf(attribute, 'Name') ?? '',
        { type: text('DataType') as 'String', value: text('StringValue') ?? text('BinaryValue') ?? '' },
      ]
    }),
  )
  const attributesMd5 = md5OfAttributes(attributes)
  const saidMd5 = textOf(message, 'MD5OfBody')
  const saidAttributesMd5 = textOf(message, 'MD5OfMessageAttributes')
  const { MessageGroupId, SequenceNumber, ApproximateReceiveCount } = pairsOf(message, 'Attribute')
  return {
    messageId: textOf(message, 'MessageId') ?? '',
    handle: textOf(message, 'ReceiptHandle') ?? '',
    value: valueIn(body),
    md5: md5OfBody(body),
    receiveCount: Number(ApproximateReceiveCount),
    ...(attributesMd5 === undefined ? {} : { attributesMd5 }),
    ...(saidMd5 === undefined ? {} : { saidMd5 }),
    ...(saidAttributesMd5 === undefined ? {} : { saidAttributesMd5 }),
    ...(MessageGroupId === undefined ? {} : { group: MessageGroupId }),
    ...(SequenceNumber === undefined ? {} : { sequenceNumber: SequenceNumber }),
  }
}

function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name)
}

function textOf(element: XmlElement, name: string): string | undefined {
  return childrenOf(element, name)[0]?.text
}

/** Of repeated elements with a `Name` and a `Value`. */
function pairsOf(element: XmlElement, name: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    childrenOf(element, name).map((pair) => [textOf(pair, 'Name') ?? '', textOf(pair, 'Value') ?? '']),
  )
}
