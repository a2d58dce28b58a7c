import { child, parseXml } from '@stanchion/testing'
import type { Action } from '../api.ts'
import { type CaseDraft, defineCases } from '../case.ts'
import type { HttpAnswer } from '../clients/http.ts'
import { readQueryAnswer } from '../clients/query-client.ts'
import type { Context } from '../context.ts'
import { check, equal, fails } from '../expect.ts'

const FORM = 'application/x-www-form-urlencoded'

type Pairs = Readonly<Record<string, string>>

/** Posts a form. */
function post({ http }: Pick<Context, 'http'>, form: string | Pairs, path = '/', type = FORM): Promise<HttpAnswer> {
  const body = typeof form === 'string' ? form : new URLSearchParams(form).toString()
  return http({ path, headers: { 'content-type': type }, body })
}

/** Gets with the pairs in the query string. */
function get({ http }: Pick<Context, 'http'>, pairs: Pairs, path = '/', headers: Pairs = {}): Promise<HttpAnswer> {
  return http({ method: 'GET', path: `${path}?${new URLSearchParams(pairs)}`, headers })
}

/** The output of a call, or its error. */
const read = async (action: Action, answer: Promise<HttpAnswer>) => readQueryAnswer(action, await answer)

const pathOf = (QueueUrl: string) => new URL(QueueUrl).pathname

/** Other names of parameters that clients send, with what the queue must be like afterwards. */
const SPELLINGS: readonly (readonly [what: string, form: string, evidence?: 'R' | 'D'])[] = [
  ['Attribute.1.Name', 'Attribute.1.Name=DelaySeconds&Attribute.1.Value=7'],
  ['Attributes.1.Name', 'Attributes.1.Name=DelaySeconds&Attributes.1.Value=7', 'R'],
  ['Attribute.entry.1.key', 'Attribute.entry.1.key=DelaySeconds&Attribute.entry.1.value=7'],
  ['holes in the numbering', 'Attribute.3.Name=DelaySeconds&Attribute.3.Value=7'],
  ['values before names', 'Attribute.1.Value=7&Attribute.1.Name=DelaySeconds'],
]

/** Rules of the Query protocol that its client does not need. */
export const queryProtocolCases = defineCases({ covers: [] }, [
  {
    name: 'A parameter that has no Version and none of its order is taken',
    evidence: 'R',
    covers: ['SendMessage'],
    async run(context) {
      const QueueUrl = await context.queue()
      await read('SendMessage', post(context, { MessageBody: 'x', QueueUrl, Action: 'SendMessage' }))
      equal((await context.receiveOne(QueueUrl)).Body, 'x', 'the body')
    },
  },
  {
    name: 'The value of Version is ignored',
    evidence: 'U',
    covers: ['ListQueues'],
    async run(context) {
      await read('ListQueues', post(context, { Action: 'ListQueues', Version: '2009-02-01' }))
    },
  },
  ...SPELLINGS.map(
    ([what, form, evidence = 'D']): CaseDraft => ({
      name: `CreateQueue and SetQueueAttributes take attributes written with ${what}`,
      evidence,
      covers: ['CreateQueue.Attributes', 'SetQueueAttributes.Attributes'],
      async run(context) {
        const QueueName = context.newName()
        await read('CreateQueue', post(context, `Action=CreateQueue&QueueName=${QueueName}&${form}`))
        const { QueueUrl = '' } = await context.sqs.getQueueUrl({ QueueName })
        equal(await context.attribute(QueueUrl, 'DelaySeconds'), '7', 'DelaySeconds after CreateQueue')
        const other = await context.queue()
        await read('SetQueueAttributes', post(context, `Action=SetQueueAttributes&${form}`, pathOf(other)))
        equal(await context.attribute(other, 'DelaySeconds'), '7', 'DelaySeconds after SetQueueAttributes')
      },
    }),
  ),
  {
    name: 'SetQueueAttributes takes the old single form Attribute.Name',
    covers: ['SetQueueAttributes.Attributes'],
    async run(context) {
      const QueueUrl = await context.queue()
      const form = { Action: 'SetQueueAttributes', 'Attribute.Name': 'DelaySeconds', 'Attribute.Value': '7' }
      await read('SetQueueAttributes', post(context, form, pathOf(QueueUrl)))
      equal(await context.attribute(QueueUrl, 'DelaySeconds'), '7', 'DelaySeconds')
    },
  },
  ...['Tag', 'Tags'].map(
    (name): CaseDraft => ({
      name: `CreateQueue and TagQueue take tags written as ${name}.1.Key`,
      covers: ['CreateQueue.tags', 'TagQueue.Tags'],
      async run(context) {
        const pairs = { [`${name}.1.Key`]: 'a', [`${name}.1.Value`]: 'b' }
        const QueueName = context.newName()
        await read('CreateQueue', post(context, { Action: 'CreateQueue', QueueName, ...pairs }))
        const { QueueUrl = '' } = await context.sqs.getQueueUrl({ QueueName })
        equal(await context.sqs.listQueueTags({ QueueUrl }), { Tags: { a: 'b' } }, 'tags after CreateQueue')
        const other = await context.queue()
        await read('TagQueue', post(context, { Action: 'TagQueue', QueueUrl: other, ...pairs }))
        equal(await context.sqs.listQueueTags({ QueueUrl: other }), { Tags: { a: 'b' } }, 'tags after TagQueue')
      },
    }),
  ),
  {
    name: 'Lists take plural names, a single value, and holes',
    covers: ['GetQueueAttributes.AttributeNames', 'UntagQueue.TagKeys'],
    async run(context) {
      const QueueUrl = await context.queue()
      for (const name of ['AttributeName.1', 'AttributeNames.1', 'AttributeName', 'AttributeName.5']) {
        const form = { Action: 'GetQueueAttributes', QueueUrl, [name]: 'DelaySeconds' }
        const output = await read('GetQueueAttributes', post(context, form))
        equal(output, { Attributes: { DelaySeconds: '0' } }, `the output for ${name}`)
      }
      for (const name of ['TagKey.1', 'TagKeys.1']) {
        await context.sqs.tagQueue({ QueueUrl, Tags: { a: 'b' } })
        await read('UntagQueue', post(context, { Action: 'UntagQueue', QueueUrl, [name]: 'a' }))
        equal(await context.sqs.listQueueTags({ QueueUrl }), {}, `the tags after ${name}`)
      }
    },
  },
  {
    name: 'Batches take entries written as Entries.1.Id, and holes in the numbering',
    covers: ['SendMessageBatch.Entries', 'DeleteMessageBatch.Entries', 'ChangeMessageVisibilityBatch.Entries'],
    async run(context) {
      const QueueUrl = await context.queue()
      const sent = {
        'Entries.1.Id': 'a',
        'Entries.1.MessageBody': 'A',
        'Entries.4.Id': 'b',
        'Entries.4.MessageBody': 'B',
      }
      const output = await read('SendMessageBatch', post(context, { Action: 'SendMessageBatch', QueueUrl, ...sent }))
      const { Successful = [] } = output as { Successful?: readonly { Id: string }[] }
      equal(
        Successful.map(({ Id }) => Id),
        ['a', 'b'],
        'ids',
      )
      const { ReceiptHandle } = await context.receiveOne(QueueUrl, { MaxNumberOfMessages: 1 })
      const changed = {
        'Entries.1.Id': 'a',
        'Entries.1.ReceiptHandle': ReceiptHandle,
        'Entries.1.VisibilityTimeout': '9',
      }
      for (const action of ['ChangeMessageVisibilityBatch', 'DeleteMessageBatch'] as const) {
        equal(
          await read(action, post(context, { Action: action, QueueUrl, ...changed })),
          { Successful: [{ Id: 'a' }] },
          action,
        )
      }
    },
  },
  {
    name: 'ReceiveMessage takes plural names and MessageSystemAttributeName',
    covers: [
      'ReceiveMessage.AttributeNames',
      'ReceiveMessage.MessageSystemAttributeNames',
      'ReceiveMessage.MessageAttributeNames',
    ],
    async run(context) {
      const QueueUrl = await context.queue()
      const MessageAttributes = { a: { DataType: 'String', StringValue: 'v' } }
      await context.sqs.sendMessage({ QueueUrl, MessageBody: 'x', MessageAttributes })
      for (const [system, user] of [
        ['AttributeName.1', 'MessageAttributeName.1'],
        ['AttributeNames.1', 'MessageAttributeNames.1'],
        ['MessageSystemAttributeName.1', 'MessageAttributeName.1'],
      ] as const) {
        const form = { Action: 'ReceiveMessage', QueueUrl, VisibilityTimeout: '0', WaitTimeSeconds: '2' }
        const answer = await post(context, { ...form, [system]: 'SenderId', [user]: 'a' })
        const output = readQueryAnswer('ReceiveMessage', answer) as { Messages?: readonly Record<string, object>[] }
        const [message] = output.Messages ?? []
        equal(Object.keys(message?.Attributes ?? {}), ['SenderId'], `Attributes for ${system}`)
        equal(Object.keys(message?.MessageAttributes ?? {}), ['a'], `MessageAttributes for ${user}`)
      }
    },
  },
  {
    name: 'GET with the pairs in the query string works, at / and at the path of a queue',
    covers: ['ListQueues', 'SendMessage', 'ReceiveMessage'],
    async run(context) {
      const QueueUrl = await context.queue()
      await read('ListQueues', get(context, { Action: 'ListQueues' }))
      await read('SendMessage', get(context, { Action: 'SendMessage', MessageBody: 'a b+c&d' }, pathOf(QueueUrl)))
      equal((await context.receiveOne(QueueUrl)).Body, 'a b+c&d', 'the body')
    },
  },
  {
    name: 'POST at the path of a queue needs no QueueUrl',
    covers: ['SendMessage.QueueUrl', 'DeleteQueue.QueueUrl'],
    async run(context) {
      const QueueUrl = await context.queue()
      await read('SendMessage', post(context, { Action: 'SendMessage', MessageBody: 'x' }, pathOf(QueueUrl)))
      await read('DeleteQueue', post(context, { Action: 'DeleteQueue' }, `${pathOf(QueueUrl)}/`))
    },
  },
  {
    name: 'QueueUrl beats the path',
    evidence: 'R',
    covers: ['SendMessage.QueueUrl'],
    async run(context) {
      const [one, other] = [await context.queue(), await context.queue()]
      await read(
        'SendMessage',
        post(context, { Action: 'SendMessage', MessageBody: 'x', QueueUrl: one }, pathOf(other)),
      )
      await context.receiveOne(one)
      await context.receiveNothing(other)
    },
  },
  {
    name: 'The form beats the query string, and pairs may be split over both',
    evidence: 'U',
    covers: ['SendMessage'],
    async run(context) {
      const QueueUrl = await context.queue()
      const path = `${pathOf(QueueUrl)}?Action=SendMessage&MessageBody=query`
      await read('SendMessage', post(context, 'MessageBody=form', path))
      equal((await context.receiveOne(QueueUrl)).Body, 'form', 'the body')
    },
  },
  {
    name: '+ and %20 are both a space, and text is UTF-8',
    covers: ['SendMessage.MessageBody'],
    async run(context) {
      const QueueUrl = await context.queue()
      await read('SendMessage', post(context, 'Action=SendMessage&MessageBody=a+b%20c%2Bd%C3%A4', pathOf(QueueUrl)))
      equal((await context.receiveOne(QueueUrl)).Body, 'a b c+dä', 'the body')
    },
  },
  {
    name: 'The content type may have a charset',
    covers: ['ListQueues'],
    async run(context) {
      await read('ListQueues', post(context, { Action: 'ListQueues' }, '/', `${FORM}; charset=utf-8`))
    },
  },
  {
    name: 'An unknown action is InvalidAction and named',
    evidence: 'R',
    async run(context) {
      const text = 'The action FooBar is not valid for this endpoint.'
      await fails(read('ListQueues', post(context, { Action: 'FooBar' })), 'UnknownOperationException', text)
    },
  },
  ...(['CreateQueue', 'ListQueues'] as const).map(
    (action): CaseDraft => ({
      name: `${action} at the path of a queue is InvalidAction`,
      evidence: 'R',
      covers: [action],
      async run(context) {
        const text = `The action ${action} is not valid for this endpoint.`
        const form = { Action: action, QueueName: context.newName() }
        const call = read(action, post(context, form, pathOf(await context.queue())))
        await fails(call, 'UnknownOperationException', text)
      },
    }),
  ),
  {
    name: 'GetQueueUrl works at the path of a queue, for another queue too',
    evidence: 'R',
    covers: ['GetQueueUrl'],
    async run(context) {
      const [one, other] = [await context.queue(), await context.queue()]
      const form = { Action: 'GetQueueUrl', QueueName: other.split('/').at(-1) ?? '' }
      equal(await read('GetQueueUrl', post(context, form, pathOf(one))), { QueueUrl: other }, 'the output')
    },
  },
  {
    name: 'GET without an Action is 404 <UnknownOperationException/>, even when JSON is asked for',
    evidence: 'R',
    async run(context) {
      const path = pathOf(await context.queue())
      for (const headers of [{}, { accept: 'application/json' }]) {
        for (const { status, text } of [await get(context, {}, '/', headers), await get(context, {}, path, headers)]) {
          equal(status, 404, 'the status')
          check(text.includes('<UnknownOperationException/>'), '<UnknownOperationException/>', text)
        }
      }
    },
  },
  {
    name: 'Query with Accept: application/json answers the tree of the XML as JSON',
    evidence: 'R',
    covers: ['ListQueues'],
    async run(context) {
      const QueueUrl = await context.queue()
      const pairs = { Action: 'ListQueues', QueueNamePrefix: QueueUrl.split('/').at(-1) ?? '' }
      const { text, headers } = await get(context, pairs, '/', { accept: 'application/json' })
      check((headers.get('content-type') ?? '').includes('json'), 'a JSON content type', headers.get('content-type'))
      const { ListQueuesResponse } = JSON.parse(text)
      equal(ListQueuesResponse.ListQueuesResult.queueUrls, [QueueUrl], 'queueUrls')
      check(ListQueuesResponse.ResponseMetadata.RequestId !== undefined, 'a RequestId', text)
    },
  },
  ...['*/*', 'text/html,application/xhtml+xml', 'text/xml'].map(
    (accept): CaseDraft => ({
      name: `Query with Accept: ${accept} answers XML`,
      covers: ['ListQueues'],
      async run(context) {
        readQueryAnswer('ListQueues', await get(context, { Action: 'ListQueues' }, '/', { accept }))
      },
    }),
  ),
  {
    name: 'An empty output has an empty result element, and an action without output has none',
    evidence: 'R',
    covers: ['ReceiveMessage', 'PurgeQueue'],
    async run(context) {
      const path = pathOf(await context.queue())
      const empty = await post(context, { Action: 'ReceiveMessage' }, path)
      check(/<ReceiveMessageResult\s*\/>/.test(empty.text), '<ReceiveMessageResult/>', empty.text)
      const none = await post(context, { Action: 'PurgeQueue' }, path)
      check(!none.text.includes('Result'), 'no result element', none.text)
    },
  },
  {
    name: 'XML escapes & < > and also " as &quot; and CR as &#xD;',
    evidence: 'R',
    covers: ['ReceiveMessage'],
    async run(context) {
      const QueueUrl = await context.queue()
      await context.sqs.sendMessage({ QueueUrl, MessageBody: 'a\r\n"<&>"' })
      const { text } = await post(context, { Action: 'ReceiveMessage', WaitTimeSeconds: '2' }, pathOf(QueueUrl))
      const body = /<Body>(.*)<\/Body>/s.exec(text)?.[1]
      equal(body, 'a&#xD;\n&quot;&lt;&amp;&gt;&quot;', 'the body as it is written')
    },
  },
  {
    name: 'The text of an error is escaped, too',
    covers: ['CreateQueue.Attributes'],
    async run(context) {
      const form = { Action: 'CreateQueue', QueueName: 'x', 'Attribute.1.Name': '<a>&"', 'Attribute.1.Value': '1' }
      await fails(read('CreateQueue', post(context, form)), 'InvalidAttributeName', 'Unknown Attribute <a>&".')
    },
  },
  {
    name: 'A Query answer has a Date and a request id that is not zero',
    covers: ['ListQueues'],
    async run(context) {
      const { headers, text } = await post(context, { Action: 'ListQueues' })
      const id = child(child(parseXml(text), 'ResponseMetadata'), 'RequestId')?.text ?? ''
      check(/^[0-9a-f-]{36}$/.test(id) && /[1-9a-f]/.test(id), 'a UUID', id)
      check(!Number.isNaN(Date.parse(headers.get('date') ?? '')), 'a Date', headers.get('date'))
    },
  },
  {
    name: 'A form of more than 3 MB, of ten messages of 100 kB, is taken',
    covers: ['SendMessageBatch'],
    async run(context) {
      const QueueUrl = await context.queue()
      const Entries = Array.from({ length: 10 }, (_, i) => ({ Id: `e${i}`, MessageBody: '値'.repeat(34_000) }))
      const { Successful } = await context.sqs.sendMessageBatch({ QueueUrl, Entries })
      equal(Successful?.length, 10, 'results')
    },
  },
  {
    name: 'The signature pairs of a URL are not parameters',
    covers: ['ListQueues'],
    async run(context) {
      const pairs = { Action: 'ListQueues', Expires: '2030-01-01T00:00:00Z' }
      readQueryAnswer('ListQueues', await get(context, pairs))
    },
  },
  {
    name: 'HEAD of / is answered',
    async run({ http }) {
      const { status } = await http({ method: 'HEAD' })
      check(status < 500, 'no server error', status)
    },
  },
]).map((item) => ({ ...item, protocols: ['query'] as const }))
