import type { Dispatcher } from 'undici'
import type { Counts, Entry, ReceivedEntry, Result, SentEntry } from '../../history/event.ts'
import { md5OfAttributes, md5OfBody } from '../digests.ts'
import { type Attributes, type NewMessage, valueIn } from '../message.ts'
import { call, type Patience } from './call.ts'
import type { Wire } from './wire.ts'

interface EntryResult {
  readonly error?: { readonly code: string }
}

interface Sent {
  readonly messageId: string
  readonly sequenceNumber?: string
}

interface Received extends Sent {
  readonly receiptHandle: string
  readonly body: string
  readonly attributes: Readonly<Record<string, { readonly type: keyof typeof TYPES; readonly value: string }>>
  readonly groupId?: string
  readonly receiveCount: number
}

/** What REST calls the types of attributes, and what the rule of their digest calls them. */
const TYPES = { string: 'String', number: 'Number', binary: 'Binary' } as const
const REST_TYPES = { String: 'string', Number: 'number', Binary: 'binary' } as const

/** The errors of entries after which it may have happened all the same. */
const UNKNOWN_CODES = ['outcomeUnknown', 'unavailable', 'deadlineExceeded', 'internalError']

/** The REST API. It tells no MD5s. */
export const restWire: Wire = {
  protocol: 'rest',
  send(server, queue, messages) {
    const [only] = messages
    if (messages.length === 1 && only !== undefined) {
      return ask(server, 'POST', `${queue}/messages`, toBody(only), (sent: Sent) => ({
        kind: 'send',
        entries: [{ outcome: 'ok', ...toSent(sent) }],
      }))
    }
    const input = { messages: messages.map(toBody) }
    return askMany(server, `${queue}/messages/batch`, input, toSent, (entries) => ({ kind: 'send', entries }))
  },
  receive(server, queue, options) {
    const { max, waitSeconds, leaseSeconds, attemptId } = options
    const input = { maxMessages: max, waitSeconds, visibilityTimeoutSeconds: leaseSeconds, attemptId }
    const toResult = ({ messages }: { readonly messages: readonly Received[] }): Result => ({
      kind: 'receive',
      messages: messages.map(toReceived),
    })
    return ask(server, 'POST', `${queue}/receive`, input, toResult, options)
  },
  delete(server, queue, handles) {
    const toResult = (entries: readonly Entry<object>[]): Result => ({ kind: 'delete', entries })
    if (handles.length === 1) {
      const path = `${queue}/leases/${encodeURIComponent(handles[0] ?? '')}`
      return ask(server, 'DELETE', path, undefined, () => toResult([{ outcome: 'ok' }]))
    }
    return askMany(server, `${queue}/leases/delete`, { receiptHandles: handles }, () => ({}), toResult)
  },
  change(server, queue, changes) {
    const leases = changes.map(({ handle, leaseSeconds }) => ({
      receiptHandle: handle,
      visibilityTimeoutSeconds: leaseSeconds,
    }))
    const toResult = (entries: readonly Entry<object>[]): Result => ({ kind: 'change', entries })
    return askMany(server, `${queue}/leases/extend`, { leases }, () => ({}), toResult)
  },
  count: (server, queue) =>
    ask(server, 'GET', `${queue}/counts`, undefined, ({ visible, inFlight, delayed }: Counts) => ({
      kind: 'count',
      counts: { visible, inFlight, delayed },
    })),
  purge: (server, queue) => ask(server, 'POST', `${queue}/purge`, undefined, () => ({ kind: 'purge' })),
  deleteQueue: (server, queue) => ask(server, 'DELETE', queue, undefined, () => ({ kind: 'deleteQueue' })),
}

function askMany<T, E>(
  server: string,
  path: string,
  input: object,
  toEntry: (output: T) => E,
  toResult: (entries: readonly Entry<E>[]) => Result,
) {
  return ask(server, 'POST', path, input, ({ results }: { readonly results: readonly (T & EntryResult)[] }) =>
    toResult(
      results.map((result): Entry<E> => {
        if (result.error === undefined) return { outcome: 'ok', ...toEntry(result) }
        const { code } = result.error
        return { outcome: UNKNOWN_CODES.includes(code) ? 'unknown' : 'fail', code }
      }),
    ),
  )
}

/** Asks for something about queues. */
export function ask<T>(
  server: string,
  method: Dispatcher.HttpMethod,
  path: string,
  input: object | undefined,
  toResult: (output: T) => Result,
  patience?: Patience,
) {
  const body = input === undefined ? {} : { body: JSON.stringify(input) }
  return call(
    `${server}/v1/queues/${path}`,
    { method, headers: input === undefined ? {} : { 'content-type': 'application/json' }, ...body },
    {
      toResult: (text) => toResult((text === '' ? {} : JSON.parse(text)) as T),
      toCode: (text) => /"code":"([^"]*)"/.exec(text)?.[1] ?? text.slice(0, 100),
    },
    patience,
  )
}

function toBody({ body, attributes, entry }: NewMessage) {
  const values = Object.entries(attributes).map(([name, { type, value }]) => [name, { type: REST_TYPES[type], value }])
  return {
    body,
    attributes: values.length === 0 ? undefined : Object.fromEntries(values),
    groupId: entry.group,
    deduplicationId: entry.deduplicationId,
    delaySeconds: entry.delaySeconds,
  }
}

function toSent({ messageId, sequenceNumber }: Sent): SentEntry {
  return { messageId, ...(sequenceNumber === undefined ? {} : { sequenceNumber }) }
}

function toReceived(message: Received): ReceivedEntry {
  const attributes: Attributes = Object.fromEntries(
    Object.entries(message.attributes).map(([name, { type, value }]) => [name, { type: TYPES[type], value }]),
  )
  const attributesMd5 = md5OfAttributes(attributes)
  const { messageId, receiptHandle, body, receiveCount, groupId, sequenceNumber } = message
  return {
    ...{ messageId, handle: receiptHandle, value: valueIn(body), md5: md5OfBody(body), receiveCount },
    ...(attributesMd5 === undefined ? {} : { attributesMd5 }),
    ...(groupId === undefined ? {} : { group: groupId }),
    ...(sequenceNumber === undefined ? {} : { sequenceNumber }),
  }
}
