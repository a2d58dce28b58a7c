import { describe, expect, it } from '@jest/globals'
import { Failure } from '../expect.ts'
import { checkQueryForm, readQueryAnswer } from './query-client.ts'
import { toQueryParameters } from './query-parameters.ts'

const NAMESPACE = 'xmlns="http://queue.amazonaws.com/doc/2012-11-05/"'

function answer(status: number, xml: string) {
  const headers = new Headers({ 'content-type': 'text/xml', 'x-amzn-requestid': 'id' })
  return { status, headers, text: `<?xml version="1.0"?>${xml}` }
}

describe('toQueryParameters', () => {
  it('flattens lists, maps, structures and bytes under the names of the protocol', () => {
    const parameters = toQueryParameters('SendMessageBatch', {
      QueueUrl: 'u',
      Entries: [
        {
          Id: 'a',
          DelaySeconds: 0,
          MessageAttributes: { n: { DataType: 'Binary', BinaryValue: Uint8Array.of(1, 2) } },
          MessageGroupId: undefined,
        },
      ],
    })
    expect(Object.fromEntries(parameters)).toEqual({
      Action: 'SendMessageBatch',
      Version: '2012-11-05',
      QueueUrl: 'u',
      'SendMessageBatchRequestEntry.1.Id': 'a',
      'SendMessageBatchRequestEntry.1.DelaySeconds': '0',
      'SendMessageBatchRequestEntry.1.MessageAttribute.1.Name': 'n',
      'SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.DataType': 'Binary',
      'SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.BinaryValue': 'AQI=',
    })
  })
})

describe('readQueryAnswer', () => {
  it('reads messages with their attributes, carriage returns and line feeds apart', () => {
    const xml = `<ReceiveMessageResponse ${NAMESPACE}><ReceiveMessageResult><Message><Body>a&#xD;\r\nb</Body><Attribute><Name>N</Name><Value>1</Value></Attribute><MessageAttribute><Name>m</Name><Value><DataType>Binary</DataType><BinaryValue>AQI=</BinaryValue></Value></MessageAttribute></Message></ReceiveMessageResult><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></ReceiveMessageResponse>`
    expect(readQueryAnswer('ReceiveMessage', answer(200, xml))).toEqual({
      Messages: [
        {
          Body: 'a\r\nb',
          Attributes: { N: '1' },
          MessageAttributes: { m: { DataType: 'Binary', BinaryValue: Uint8Array.of(1, 2) } },
        },
      ],
    })
  })

  it('throws what an error says', () => {
    const xml = `<ErrorResponse ${NAMESPACE}><Error><Type>Sender</Type><Code>C</Code><Message>m &amp; n</Message><Detail/></Error><RequestId>id</RequestId></ErrorResponse>`
    expect(() => readQueryAnswer('ReceiveMessage', answer(400, xml))).toThrow(
      expect.objectContaining({ status: 400, queryCode: 'C', message: 'm & n', fault: 'Sender', shape: undefined }),
    )
  })

  it('fails on XML that is not well-formed', () => {
    expect(() => readQueryAnswer('ListQueues', answer(200, '<a><b></a>'))).toThrow(/not well-formed/)
  })
})

describe('checkQueryForm', () => {
  it('takes an answer and an error as they should be', () => {
    const response = `<DeleteQueueResponse ${NAMESPACE}><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></DeleteQueueResponse>`
    const error = `<ErrorResponse ${NAMESPACE}><Error><Type>Sender</Type><Code>C</Code><Message/><Detail/></Error><RequestId>id</RequestId></ErrorResponse>`
    checkQueryForm('DeleteQueue', answer(200, response))
    checkQueryForm('DeleteQueue', answer(400, error))
  })

  it.each([
    ['a result element that must not be there', 'DeleteQueue', `<DeleteQueueResult/>`],
    ['a result element that is missing', 'ReceiveMessage', ''],
  ] as const)('fails on %s', (_what, action, result) => {
    const xml = `<${action}Response ${NAMESPACE}>${result}<ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></${action}Response>`
    expect(() => checkQueryForm(action, answer(200, xml))).toThrow(Failure)
  })
})
