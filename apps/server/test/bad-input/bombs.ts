import { type BadCase, formRequest, jsonRequest, restRequest } from './bad-case.ts'
import { PROTOTYPE_NAMES } from './bad-texts.ts'
import type { World } from './world.ts'

const MIB = 1_024 * 1_024
const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index))
const mapOf = (count: number, value: unknown) => Object.fromEntries(many(count, (index) => [`k${index}`, value]))

/** Requests that are big, deep or repetitive, and certainly wrong. */
export function bombs({ queue: QueueUrl, handle }: Pick<World, 'queue' | 'handle'>): BadCase[] {
  const json = (what: string, action: string, input: object | string): BadCase => {
    const body = typeof input === 'string' ? input : JSON.stringify({ QueueUrl, ...input })
    return { what, door: 'json', request: jsonRequest(action, body), verdict: 'refused' }
  }
  const query = (what: string, form: string): BadCase => {
    return { what, door: 'query', request: formRequest(form), verdict: 'refused' }
  }
  const rest = (what: string, target: string, body: string): BadCase => {
    return { what, door: 'rest', request: restRequest('POST', target, body), verdict: 'refused' }
  }
  const brackets = '['.repeat(MIB)
  const closed = `${'['.repeat(MIB / 2)}${']'.repeat(MIB / 2)}`
  const structures = `${'{"a":'.repeat(150_000)}1${'}'.repeat(150_000)}`
  const attribute = { DataType: 'String', StringValue: 'v' }
  return [
    ...[brackets, closed, structures].flatMap((text, index) => [
      json(`nested within ${index}`, 'SendMessage', `{"QueueUrl":"${QueueUrl}","MessageBody":${text}}`),
      rest(`nested within ${index}`, `/v1/queues/${QueueUrl}/messages`, `{"body":${text}}`),
    ]),
    json('nested', 'SendMessage', closed),
    rest('nested', `/v1/queues/${QueueUrl}/messages`, closed),
    json('a nested policy', 'SetQueueAttributes', { Attributes: { Policy: structures } }),
    json('a nested redrive policy', 'SetQueueAttributes', { Attributes: { RedrivePolicy: structures } }),
    json('a nested handle', 'CancelMessageMoveTask', { TaskHandle: btoa(closed) }),
    json('10,000 tags', 'TagQueue', { Tags: mapOf(10_000, 'v') }),
    json('10,000 attributes of a queue', 'SetQueueAttributes', { Attributes: mapOf(10_000, 'v') }),
    json('10,000 attributes of a message', 'SendMessage', {
      MessageBody: 'x',
      MessageAttributes: mapOf(10_000, attribute),
    }),
    json('10,000 entries', 'SendMessageBatch', { Entries: many(10_000, (i) => ({ Id: `e${i}`, MessageBody: 'x' })) }),
    json('100,000 names', 'GetQueueAttributes', { AttributeNames: many(100_000, () => 'x') }),
    json('a handle of 1 MiB', 'DeleteMessage', { ReceiptHandle: 'A'.repeat(MIB) }),
    json('a URL of slashes', 'PurgeQueue', { QueueUrl: '/'.repeat(MIB) }),
    json('a URL of signs', 'PurgeQueue', { QueueUrl: `${'%41'.repeat(MIB / 4)}` }),
    json('an ARN of colons', 'ListMessageMoveTasks', { SourceArn: `arn${':'.repeat(MIB)}` }),
    json('the same key twice', 'SendMessage', `{"QueueUrl":"${QueueUrl}","MessageBody":"x","MessageBody":""}`),
    query(
      '10,001 parameters',
      `Action=SendMessage&QueueUrl=${QueueUrl}&MessageBody=x${many(10_001, (i) => `&a${i}=`).join('')}`,
    ),
    query('a MiB of ampersands', `Action=SendMessage&QueueUrl=${QueueUrl}${'&'.repeat(MIB)}`),
    query('a MiB of dots', `Action=SendMessage&QueueUrl=${QueueUrl}&MessageBody${'.'.repeat(MIB)}=x`),
    query('a MiB of percent signs', `Action=SendMessage&QueueUrl=${QueueUrl}&MessageBody=${'%'.repeat(MIB)}`),
    query(
      'eleven entries far apart',
      `Action=SendMessageBatch&QueueUrl=${QueueUrl}${many(11, (i) => `&Entries.${999_999_999 - i}.Id=e${i}&Entries.${999_999_999 - i}.MessageBody=x`).join('')}`,
    ),
    query(
      'an entry beyond all numbers',
      `Action=SendMessageBatch&QueueUrl=${QueueUrl}&Entries.${'9'.repeat(400)}.Id=a`,
    ),
    query(
      'an entry below all',
      `Action=SendMessageBatch&QueueUrl=${QueueUrl}&Entries.-1.Id=a&Entries.-1.MessageBody=x`,
    ),
    rest(
      '10,000 messages',
      `/v1/queues/${QueueUrl}/messages/batch`,
      JSON.stringify({ messages: many(10_000, () => ({ body: 'x' })) }),
    ),
    rest(
      '10,000 handles',
      `/v1/queues/${QueueUrl}/leases/delete`,
      JSON.stringify({ receiptHandles: many(10_000, () => handle) }),
    ),
    rest('10,000 tags', '/v1/queues', JSON.stringify({ name: 'made-by-bomb', tags: mapOf(10_000, 'v') })),
    rest(
      '10,000 attributes',
      `/v1/queues/${QueueUrl}/messages`,
      JSON.stringify({ body: 'x', attributes: mapOf(10_000, { type: 'string', value: 'v' }) }),
    ),
    rest('10,000 unknown members', '/v1/queues', JSON.stringify({ name: 'made-by-bomb', ...mapOf(10_000, 1) })),
  ]
}

/** Requests with a wrong action, method, path or content type. */
export function misaddressed({ queue, handle }: Pick<World, 'queue' | 'handle'>): BadCase[] {
  const refused = { verdict: 'refused' } as const
  const names = [...PROTOTYPE_NAMES, 'sendmessage', '', '\u00ff', '../SendMessage', 'x'.repeat(5_000)]
  const input = JSON.stringify({ QueueUrl: queue, MessageBody: 'x' })
  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
  ]
  const otherTypes = [
    'x',
    '/',
    'application/json+x',
    'application/jsonx',
    'application/x-amz-json-1.0',
    'application/cbor',
  ]
  const bodies: readonly [string, string][] = [
    ['/v1/queues', '{"name":"made-by-type"}'],
    [`/v1/queues/${queue}/messages`, '{"body":"x"}'],
    [`/v1/queues/${queue}/leases/delete`, JSON.stringify({ receiptHandles: [handle] })],
  ]
  const places = [
    '/v1',
    '/v1/',
    '/v1//queues',
    '/v1/Queues',
    '/v1/queues/x/y',
    '/v1/__proto__',
    '/v1/queues/..%2f..%2fx',
  ]
  return [
    ...names.map(
      (name): BadCase => ({ what: `the action ${name}`, door: 'json', request: jsonRequest(name, input), ...refused }),
    ),
    ...names
      .filter((name) => name !== '')
      .map((name): BadCase => {
        const form = `Action=${encodeURIComponent(name)}&QueueUrl=${queue}&MessageBody=x`
        return { what: `the action ${name}`, door: 'query', request: formRequest(form), ...refused }
      }),
    ...bodies.flatMap(([target, body]) =>
      [...types, ...otherTypes].map((type): BadCase => {
        const request = { ...restRequest('POST', target, body), headers: { 'content-type': type } }
        return { what: type, door: 'rest', request, ...refused }
      }),
    ),
    ...places.flatMap((target) =>
      ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'].map((method): BadCase => {
        return { what: 'nowhere', door: 'rest', request: restRequest(method, target), ...refused }
      }),
    ),
    ...['PUT', 'OPTIONS', 'TRACE', 'PROPFIND', 'MKCOL'].flatMap((method) =>
      [`/v1/queues/${queue}`, '/v1/queues', `/v1/queues/${queue}/receive`].map((target): BadCase => {
        return { what: 'no such method', door: 'rest', request: restRequest(method, target), ...refused }
      }),
    ),
  ]
}
