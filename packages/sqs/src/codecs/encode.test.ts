import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  deleteMessage,
  getQueueAttributes,
  listQueues,
  listQueueTags,
  receiveMessage,
  sendMessageBatch,
} from '../actions/index.ts'
import { SqsError } from '../errors/sqs-error.ts'
import { SQS_ERRORS, type SqsErrorName } from '../errors/sqs-errors.ts'
import { encodeJson, encodeJsonError, queryErrorHeader } from './encode-json.ts'
import { encodeXml, encodeXmlError } from './encode-xml.ts'
import { escapeXml } from './escape-xml.ts'

const XMLNS = 'xmlns="http://queue.amazonaws.com/doc/2012-11-05/"'
const METADATA = '<ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata>'

describe('encodeXml', () => {
  it('has no result element for an action without output', () => {
    expect(encodeXml(deleteMessage, {}, 'r-1')).toBe(
      `<?xml version="1.0"?><DeleteMessageResponse ${XMLNS}>${METADATA}</DeleteMessageResponse>`,
    )
  })

  it('has an empty result element when nothing was found', () => {
    expect(encodeXml(receiveMessage, { Messages: undefined }, 'r-1')).toBe(
      `<?xml version="1.0"?><ReceiveMessageResponse ${XMLNS}><ReceiveMessageResult/>${METADATA}</ReceiveMessageResponse>`,
    )
  })

  it('repeats the elements of lists', () => {
    expect(encodeXml(listQueues, { QueueUrls: ['http://a/1/x', 'http://a/1/y'], NextToken: 't' }, 'r-1')).toContain(
      '<ListQueuesResult><QueueUrl>http://a/1/x</QueueUrl><QueueUrl>http://a/1/y</QueueUrl><NextToken>t</NextToken></ListQueuesResult>',
    )
  })

  it('names the parts of maps as the old model does', () => {
    expect(encodeXml(getQueueAttributes, { Attributes: { DelaySeconds: '5' } }, 'r-1')).toContain(
      '<Attribute><Name>DelaySeconds</Name><Value>5</Value></Attribute>',
    )
    expect(encodeXml(listQueueTags, { Tags: { a: '' } }, 'r-1')).toContain('<Tag><Key>a</Key><Value></Value></Tag>')
  })

  it('writes a message with everything', () => {
    const message = {
      MessageId: 'm',
      ReceiptHandle: 'h',
      MD5OfBody: 'd',
      Body: 'a\r\n"<b>" & c',
      Attributes: { SentTimestamp: '1' },
      MD5OfMessageAttributes: 'e',
      MessageAttributes: {
        n: { DataType: 'Number', StringValue: '1' },
        b: { DataType: 'Binary', BinaryValue: 'AA==' },
      },
    }
    expect(encodeXml(receiveMessage, { Messages: [message] }, 'r-1')).toContain(
      '<Message><MessageId>m</MessageId><ReceiptHandle>h</ReceiptHandle><MD5OfBody>d</MD5OfBody>' +
        '<Body>a&#xD;\n&quot;&lt;b&gt;&quot; &amp; c</Body><Attribute><Name>SentTimestamp</Name><Value>1</Value></Attribute>' +
        '<MD5OfMessageAttributes>e</MD5OfMessageAttributes>' +
        '<MessageAttribute><Name>n</Name><Value><StringValue>1</StringValue><DataType>Number</DataType></Value></MessageAttribute>' +
        '<MessageAttribute><Name>b</Name><Value><BinaryValue>AA==</BinaryValue><DataType>Binary</DataType></Value></MessageAttribute>' +
        '</Message>',
    )
  })

  it('writes both lists of a batch', () => {
    const output = {
      Successful: [{ Id: 'a', MessageId: 'm', MD5OfMessageBody: 'd' }],
      Failed: [{ Id: 'b', Code: 'InvalidParameterValue', Message: 'x >= 0', SenderFault: true }],
    }
    expect(encodeXml(sendMessageBatch, output, 'r-1')).toContain(
      '<SendMessageBatchResultEntry><Id>a</Id><MessageId>m</MessageId><MD5OfMessageBody>d</MD5OfMessageBody></SendMessageBatchResultEntry>' +
        '<BatchResultErrorEntry><Id>b</Id><Code>InvalidParameterValue</Code><Message>x &gt;= 0</Message><SenderFault>true</SenderFault></BatchResultErrorEntry>',
    )
  })
})

describe('encodeJson', () => {
  it('leaves out what is absent and answers {} for nothing', () => {
    expect(encodeJson({})).toBe('{}')
    expect(encodeJson({ Messages: undefined })).toBe('{}')
  })
})

const NAMES = Object.keys(SQS_ERRORS) as SqsErrorName[]

describe('the table of errors', () => {
  it('has the statuses and codes that differ from the rest', () => {
    const unusual = NAMES.filter((name) => SQS_ERRORS[name].status !== 400)
    expect(unusual.map((name) => [name, SQS_ERRORS[name].status, SQS_ERRORS[name].fault])).toEqual([
      ['PurgeQueueInProgress', 403, 'Sender'],
      ['OverLimit', 403, 'Sender'],
      ['ReceiptHandleIsInvalid', 404, 'Sender'],
      ['ResourceNotFoundException', 404, 'Sender'],
      ['AccessDeniedException', 403, 'Sender'],
      ['UnrecognizedClientException', 403, 'Sender'],
      ['ExpiredTokenException', 403, 'Sender'],
      ['InvalidSignatureException', 403, 'Sender'],
      ['InvalidSecurity', 403, 'Sender'],
      ['InternalFailure', 500, 'Receiver'],
      ['ServiceUnavailable', 503, 'Receiver'],
    ])
  })

  it.each(NAMES)('encodes %s in both protocols', (name) => {
    const error = new SqsError(name, 'a <b> & "c"')
    const { namespace, queryCode, fault } = SQS_ERRORS[name]
    const key = name === 'AccessDeniedException' ? 'Message' : 'message'
    expect(JSON.parse(encodeJsonError(error))).toEqual({ __type: `${namespace}#${name}`, [key]: 'a <b> & "c"' })
    expect(queryErrorHeader(error)).toBe(`${queryCode};${fault}`)
    const message =
      name === 'QueueDoesNotExist'
        ? 'The specified queue does not exist for this wsdl version.'
        : 'a &lt;b&gt; &amp; &quot;c&quot;'
    expect(encodeXmlError(error, 'r-1')).toBe(
      `<?xml version="1.0"?><ErrorResponse ${XMLNS}><Error><Type>${fault}</Type><Code>${queryCode}</Code>` +
        `<Message>${message}</Message><Detail/></Error><RequestId>r-1</RequestId></ErrorResponse>`,
    )
  })
})

describe('escapeXml', () => {
  const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#xD': '\r' }
  const fromEntities = (text: string) => text.replace(/&([#\w]+);/g, (_, name: string) => ENTITIES[name] as string)

  it('gives back every legal text (G2)', () => {
    const legal = fc
      .string({ unit: 'binary' })
      .filter((text) => !/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(text))
    fc.assert(
      fc.property(fc.oneof(legal, fc.stringMatching(/^[&<>"\r\na;#]*$/)), (text) => {
        const escaped = escapeXml(text)
        expect(escaped).not.toMatch(/[<>"\r]/)
        expect(fromEntities(escaped)).toBe(text)
      }),
    )
  })

  it('replaces what XML cannot hold', () => {
    expect(escapeXml('a\u0000b\ud800c\uffff')).toBe('a\ufffdb\ufffdc\ufffd')
  })
})
