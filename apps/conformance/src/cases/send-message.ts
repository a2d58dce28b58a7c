import type { MessageAttributes } from '../api.ts'
import { type CaseDraft, defineCases } from '../case.ts'
import { md5Hex } from '../digests.ts'
import { check, equal, fails, matches } from '../expect.ts'

const MIB = 1_048_576
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const BODIES: readonly (readonly [what: string, body: string, digest?: string])[] = [
  ['hello world', 'hello world', '5eb63bbbe01eeed093cb22bb8f5acdc3'],
  ['CR LF', 'a\r\nb', '65d5f03c46e62e3f2babbe712d2ce464'],
  ['lone CR and LF', '\r \n\r\r\n'],
  ['tabs and outer spaces', '\t x \t'],
  ['one space', ' '],
  ['XML characters', '<a b="c">&amp;\'</a>]]>'],
  ['JSON characters', '{"a":"\\u0041\\n"}'],
  ['form characters', 'a=b&c+d%20e%2B;f'],
  ['letters of many scripts', 'äöü ß Ω й 日本語 العربية'],
  ['emoji and other astral characters', '😀𝄞\u{10FFFF}'],
  ['the first and last allowed characters', '\t\n\r \uD7FF\uE000\uFFFD\u{10000}'],
  ['characters that normalisation would change', 'e\u0301 \u00e9 \ufb01'],
]

const FORBIDDEN: readonly (readonly [what: string, body: string, isJsonOnly?: boolean])[] = [
  ['NUL', 'a\u0000b'],
  ['U+0008', 'a\u0008'],
  ['U+000B', 'a\u000b'],
  ['U+001F', '\u001f'],
  ['U+FFFE', 'a\ufffe'],
  ['U+FFFF', '\uffff'],
  ['a lone surrogate', 'a\ud800b', true],
]

/** Rules of SendMessage on standard queues, but for message attributes. */
export const sendMessageCases = defineCases({ covers: ['SendMessage', 'SendMessage.MessageBody'] }, [
  {
    name: 'SendMessage answers a UUID and the digest of the body, and nothing that does not apply',
    async run({ sqs, queue }) {
      const output = await sqs.sendMessage({ QueueUrl: await queue(), MessageBody: 'hello world' })
      equal(Object.keys(output).sort(), ['MD5OfMessageBody', 'MessageId'], 'the members of the output')
      matches(output.MessageId, UUID, 'MessageId, a lower-case UUID')
      equal(output.MD5OfMessageBody, '5eb63bbbe01eeed093cb22bb8f5acdc3', 'MD5OfMessageBody')
    },
  },
  ...BODIES.map(
    ([what, body, digest = md5Hex(body)]): CaseDraft => ({
      name: `A body with ${what} comes back byte for byte, with its digest`,
      evidence: 'R',
      covers: ['SendMessage.MessageBody', 'ReceiveMessage'],
      async run({ sqs, queue, receiveOne }) {
        const QueueUrl = await queue()
        const sent = await sqs.sendMessage({ QueueUrl, MessageBody: body })
        equal(sent.MD5OfMessageBody, digest, 'MD5OfMessageBody')
        const { Body, MD5OfBody } = await receiveOne(QueueUrl)
        equal({ Body, MD5OfBody }, { Body: body, MD5OfBody: digest }, 'the message')
      },
    }),
  ),
  ...FORBIDDEN.map(
    ([what, body, isJsonOnly]): CaseDraft => ({
      name: `A body with ${what} is InvalidMessageContents`,
      evidence: 'R',
      ...(isJsonOnly ? { protocols: ['json'] } : {}),
      async run({ sqs, queue, receiveNothing }) {
        const QueueUrl = await queue()
        await fails(
          sqs.sendMessage({ QueueUrl, MessageBody: body }),
          'InvalidMessageContents',
          /^Invalid characters found\. Valid unicode characters are #x9 \| #xA \| #xD \| /,
        )
        await receiveNothing(QueueUrl)
      },
    }),
  ),
  ...[{ MessageBody: '' }, {}].map(
    (input): CaseDraft => ({
      name: `SendMessage with ${'MessageBody' in input ? 'an empty' : 'no'} body is a MissingParameter`,
      evidence: 'R',
      async run({ sqs, queue }) {
        await fails(
          sqs.sendMessage({ QueueUrl: await queue(), ...input }),
          'MissingRequiredParameterException',
          'The request must contain the parameter MessageBody.',
        )
      },
    }),
  ),
  {
    name: 'SendMessage takes a body of 1 byte',
    async run({ sqs, queue, receiveOne }) {
      const QueueUrl = await queue()
      await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
      equal((await receiveOne(QueueUrl)).Body, 'x', 'the body')
    },
  },
  {
    name: 'SendMessage takes a body of exactly 1,048,576 bytes, in characters of three bytes',
    evidence: 'R',
    async run({ sqs, queue, receiveOne }) {
      const QueueUrl = await queue()
      const MessageBody = `x${'値'.repeat((MIB - 1) / 3)}`
      equal(Buffer.byteLength(MessageBody), MIB, 'bytes to send')
      await sqs.sendMessage({ QueueUrl, MessageBody })
      const { Body = '', MD5OfBody } = await receiveOne(QueueUrl)
      equal(MD5OfBody, md5Hex(MessageBody), 'MD5OfBody')
      equal(md5Hex(Body), md5Hex(MessageBody), 'the digest of what was received')
    },
  },
  {
    name: 'SendMessage refuses a body of 1,048,577 bytes',
    evidence: 'R',
    async run({ sqs, queue, receiveNothing }) {
      const QueueUrl = await queue()
      await fails(
        sqs.sendMessage({ QueueUrl, MessageBody: 'x'.repeat(MIB + 1) }),
        'InvalidParameterValueException',
        'One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.',
      )
      await receiveNothing(QueueUrl)
    },
  },
  {
    name: 'The MaximumMessageSize of the queue is inclusive, and counts bytes, not characters',
    evidence: 'R',
    covers: ['SendMessage.MessageBody', 'attribute.MaximumMessageSize'],
    async run({ sqs, queue }) {
      const QueueUrl = await queue({ MaximumMessageSize: '1024' })
      await sqs.sendMessage({ QueueUrl, MessageBody: 'ä'.repeat(512) })
      const text = 'One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.'
      const call = sqs.sendMessage({ QueueUrl, MessageBody: `${'ä'.repeat(512)}x` })
      await fails(call, 'InvalidParameterValueException', text)
    },
  },
  {
    name: 'The size of a message counts names, types and values of its attributes, binary ones decoded',
    evidence: 'D',
    covers: ['SendMessage.MessageAttributes', 'attribute.MaximumMessageSize'],
    async run({ sqs, queue }) {
      const QueueUrl = await queue({ MaximumMessageSize: '1024' })
      const MessageAttributes = {
        name: { DataType: 'String.x', StringValue: 'ä' },
        blob: { DataType: 'Binary', BinaryValue: new Uint8Array(100) },
      }
      const bytes = 4 + 8 + 2 + 4 + 6 + 100
      await sqs.sendMessage({ QueueUrl, MessageBody: 'x'.repeat(1_024 - bytes), MessageAttributes })
      const call = sqs.sendMessage({ QueueUrl, MessageBody: 'x'.repeat(1_025 - bytes), MessageAttributes })
      await fails(call, 'InvalidParameterValueException', /^One or more parameters are invalid\./)
    },
  },
  {
    name: 'System attributes do not count into the size of a message',
    covers: ['SendMessage.MessageSystemAttributes', 'attribute.MaximumMessageSize'],
    async run({ sqs, queue }) {
      const QueueUrl = await queue({ MaximumMessageSize: '1024' })
      const AWSTraceHeader = { DataType: 'String', StringValue: 'Root=1-5759e988-bd862e3fe1be46a994272793' }
      const MessageSystemAttributes = { AWSTraceHeader }
      await sqs.sendMessage({ QueueUrl, MessageBody: 'x'.repeat(1_024), MessageSystemAttributes })
    },
  },
  ...[0, 900].map(
    (DelaySeconds): CaseDraft => ({
      name: `SendMessage takes DelaySeconds ${DelaySeconds}`,
      covers: ['SendMessage.DelaySeconds'],
      async run({ sqs, queue }) {
        await sqs.sendMessage({ QueueUrl: await queue(), MessageBody: 'x', DelaySeconds })
      },
    }),
  ),
  ...[-1, 901, 2_147_483_647].map(
    (DelaySeconds): CaseDraft => ({
      name: `SendMessage refuses DelaySeconds ${DelaySeconds}`,
      evidence: 'R',
      feature: 'strict',
      covers: ['SendMessage.DelaySeconds'],
      async run({ sqs, queue }) {
        await fails(
          sqs.sendMessage({ QueueUrl: await queue(), MessageBody: 'x', DelaySeconds }),
          'InvalidParameterValueException',
          `Value ${DelaySeconds} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
        )
      },
    }),
  ),
  {
    name: 'A delayed message is not visible before its time, and is afterwards',
    covers: ['SendMessage.DelaySeconds', 'attribute.ApproximateNumberOfMessagesDelayed'],
    async run({ sqs, queue, receive, attribute, receiveNothing }) {
      const QueueUrl = await queue()
      const sentAt = performance.now()
      await sqs.sendMessage({ QueueUrl, MessageBody: 'x', DelaySeconds: 2 })
      await receiveNothing(QueueUrl)
      equal(await attribute(QueueUrl, 'ApproximateNumberOfMessagesDelayed'), '1', 'delayed')
      equal(await attribute(QueueUrl, 'ApproximateNumberOfMessages'), '0', 'visible')
      equal((await receive(QueueUrl, { WaitTimeSeconds: 10 })).length, 1, 'messages of a long poll')
      const seconds = (performance.now() - sentAt) / 1_000
      check(seconds >= 0.9 && seconds < 8, 'about 2 s after the send', `${seconds} s`)
    },
  },
  {
    name: 'DelaySeconds 0 of a message beats the delay of the queue',
    covers: ['SendMessage.DelaySeconds', 'attribute.DelaySeconds'],
    async run({ sqs, queue, receiveOne }) {
      const QueueUrl = await queue({ DelaySeconds: '600' })
      await sqs.sendMessage({ QueueUrl, MessageBody: 'now', DelaySeconds: 0 })
      equal((await receiveOne(QueueUrl)).Body, 'now', 'the body')
    },
  },
  {
    name: 'A message without DelaySeconds has the delay of the queue',
    covers: ['SendMessage.DelaySeconds', 'attribute.DelaySeconds'],
    async run({ sqs, queue, attribute, receiveNothing }) {
      const QueueUrl = await queue({ DelaySeconds: '600' })
      await sqs.sendMessage({ QueueUrl, MessageBody: 'later' })
      await receiveNothing(QueueUrl)
      equal(await attribute(QueueUrl, 'ApproximateNumberOfMessagesDelayed'), '1', 'delayed')
    },
  },
  {
    name: 'MessageDeduplicationId on a standard queue is refused',
    evidence: 'R',
    covers: ['SendMessage.MessageDeduplicationId'],
    async run({ sqs, queue }) {
      await fails(
        sqs.sendMessage({ QueueUrl: await queue(), MessageBody: 'x', MessageDeduplicationId: 'd-1' }),
        'InvalidParameterValueException',
        'Value d-1 for parameter MessageDeduplicationId is invalid. Reason: The request includes a parameter that is not valid for this queue type.',
      )
    },
  },
  {
    name: 'Equal bodies are messages of their own on a standard queue',
    async run({ sqs, queue, receive, until }) {
      const QueueUrl = await queue()
      const sent = new Set<string | undefined>()
      for (let i = 0; i < 3; i += 1) sent.add((await sqs.sendMessage({ QueueUrl, MessageBody: 'same' })).MessageId)
      equal(sent.size, 3, 'MessageIds of three sends')
      const found = new Set<string | undefined>()
      await until('all three are received', 10, async () => {
        for (const { MessageId } of await receive(QueueUrl)) found.add(MessageId)
        return found.size === 3 ? true : undefined
      })
      equal(found, sent, 'the MessageIds')
    },
  },
  {
    name: 'A trace header comes back as AWSTraceHeader, with its digest on the send',
    evidence: 'R',
    covers: ['SendMessage.MessageSystemAttributes', 'ReceiveMessage.MessageSystemAttributeNames'],
    async run({ sqs, queue, receiveOne }) {
      const QueueUrl = await queue()
      const StringValue = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1'
      const MessageSystemAttributes = { AWSTraceHeader: { DataType: 'String', StringValue } }
      const sent = await sqs.sendMessage({ QueueUrl, MessageBody: 'x', MessageSystemAttributes })
      equal(sent.MD5OfMessageSystemAttributes, '5ae4d5d7636402d80f4eb6d213245a88', 'MD5OfMessageSystemAttributes')
      equal(sent.MD5OfMessageAttributes, undefined, 'MD5OfMessageAttributes')
      const message = await receiveOne(QueueUrl, {
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['AWSTraceHeader'],
      })
      equal(message.Attributes, { AWSTraceHeader: StringValue }, 'Attributes')
      equal(message.MessageAttributes, undefined, 'MessageAttributes')
    },
  },
  ...(
    [
      ['of another name', { Other: { DataType: 'String', StringValue: 'x' } }],
      ['of type Number', { AWSTraceHeader: { DataType: 'Number', StringValue: '1' } }],
      ['without a value', { AWSTraceHeader: { DataType: 'String', StringValue: '' } }],
    ] as readonly (readonly [string, Record<string, MessageAttributes[string]>])[]
  ).map(
    ([what, MessageSystemAttributes]): CaseDraft => ({
      name: `SendMessage refuses a system attribute ${what}`,
      evidence: 'S',
      covers: ['SendMessage.MessageSystemAttributes'],
      async run({ sqs, queue }) {
        const call = sqs.sendMessage({ QueueUrl: await queue(), MessageBody: 'x', MessageSystemAttributes })
        await fails(call, 'InvalidParameterValueException')
      },
    }),
  ),
  {
    name: 'The header X-Amzn-Trace-Id becomes the AWSTraceHeader of a message, without a digest',
    evidence: 'R',
    covers: ['SendMessage', 'SendMessage.MessageSystemAttributes'],
    protocols: ['json'],
    async run({ http, queue, receiveOne }) {
      const QueueUrl = await queue()
      const trace = 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1'
      const { text } = await http({
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': 'AmazonSQS.SendMessage',
          'x-amzn-trace-id': trace,
        },
        body: JSON.stringify({ QueueUrl, MessageBody: 'x' }),
      })
      equal(JSON.parse(text).MD5OfMessageSystemAttributes, undefined, 'MD5OfMessageSystemAttributes')
      const { Attributes } = await receiveOne(QueueUrl, { MessageSystemAttributeNames: ['All'] })
      equal(Attributes?.AWSTraceHeader, trace, 'AWSTraceHeader')
    },
  },
])
