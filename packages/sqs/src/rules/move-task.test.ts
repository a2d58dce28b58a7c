import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseQueueArn } from '../queue-arn.ts'
import { formatQueueArn } from '../queue-url.ts'
import { formatTaskHandle, readMoveTaskArn, readMoveTaskResults, readTaskHandle } from './move-task.ts'

const OWNER = { region: 'us-east-1', accountId: '123456789012' }

describe('parseQueueArn', () => {
  it('reads what formatQueueArn writes', () => {
    expect(parseQueueArn(formatQueueArn('cn-north-1', '123456789012', 'orders.fifo'))).toEqual({
      partition: 'aws-cn',
      service: 'sqs',
      region: 'cn-north-1',
      accountId: '123456789012',
      name: 'orders.fifo',
    })
  })

  it.each([
    '',
    'orders',
    'arn:aws:sqs:us-east-1:123456789012',
    'arn:aws:sqs::123456789012:q',
    'ARN:aws:sqs:a:b:c',
    'arn:aws:sqs:a:b:c:d',
  ])('takes %j for no ARN of a queue', (arn) => {
    expect(parseQueueArn(arn)).toBeUndefined()
  })
})

describe('readMoveTaskArn', () => {
  it('answers the name of a queue of the caller', () => {
    expect(readMoveTaskArn('arn:aws:sqs:us-east-1:123456789012:orders-dlq', 'SourceArn', OWNER)).toBe('orders-dlq')
  })

  it.each(['nonsense', 'arn:aws:sqs:us-east-1:123456789012:', 'https://example.test/123456789012/orders'])(
    'says which form an ARN has when it gets %j',
    (arn) => {
      expect(() => readMoveTaskArn(arn, 'DestinationArn', OWNER)).toThrow(
        expect.objectContaining({
          shape: 'InvalidParameterValueException',
          message:
            'You must use this format to specify the DestinationArn: arn:<partition>:<service>:<region>:<account-id>:<resource-id>',
        }),
      )
    },
  )

  it.each([
    'arn:aws:sns:us-east-1:123456789012:orders',
    'arn:aws:sqs:eu-west-1:123456789012:orders',
    'arn:aws:sqs:us-east-1:222233334444:orders',
    'arn:aws:sqs:us-east-1:123456789012:a b',
  ])('finds no queue of the caller at %s', (arn) => {
    expect(() => readMoveTaskArn(arn, 'SourceArn', OWNER)).toThrow(
      expect.objectContaining({
        shape: 'ResourceNotFoundException',
        message: "The resource that you specified for the SourceArn parameter doesn't exist.",
      }),
    )
  })
})

describe('readMoveTaskResults', () => {
  it('is 1 unless another number up to 10 is asked for', () => {
    expect([readMoveTaskResults(), readMoveTaskResults(1), readMoveTaskResults(10)]).toEqual([1, 1, 10])
  })

  it.each([0, -1, 11])('refuses %i', (results) => {
    expect(() => readMoveTaskResults(results)).toThrow(
      "Value for parameter MaxResults is invalid. Reason: You must enter a number that's between 1 and 10.",
    )
  })
})

describe('the handle of a move task', () => {
  const sourceArn = 'arn:aws:sqs:us-east-1:123456789012:orders-dlq'
  const task = { taskId: '10f57157-fc38-4da9-a113-4de7e12d05dd', sourceArn }

  it('is the one that AWS would give (recorded)', () => {
    expect(formatTaskHandle(task)).toBe(
      'eyJ0YXNrSWQiOiIxMGY1NzE1Ny1mYzM4LTRkYTktYTExMy00ZGU3ZTEyZDA1ZGQiLCJzb3VyY2VBcm4iOiJhcm46YXdzOnNxczp1cy1lYXN0LTE6MTIzNDU2Nzg5MDEyOm9yZGVycy1kbHEifQ==',
    )
    expect(readTaskHandle(formatTaskHandle(task))).toEqual(task)
  })

  it.each([
    'nonsense',
    Buffer.from('null').toString('base64'),
    Buffer.from('[]').toString('base64'),
    Buffer.from('7').toString('base64'),
    formatTaskHandle({ ...task, sourceArn: 'orders' }),
    Buffer.from(JSON.stringify({ taskId: 7, sourceArn })).toString('base64'),
  ])('is refused when it is %j', (handle) => {
    expect(() => readTaskHandle(handle)).toThrow('Value for parameter TaskHandle is invalid.')
  })

  it('never fails otherwise, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => readTaskHandle(text)).toThrow('Value for parameter TaskHandle is invalid.')
      }),
    )
  })
})
