import { describe, expect, it } from '@jest/globals'
import { formatQueueArn, formatQueueUrl, parseQueueUrl } from './queue-url.ts'

describe('parseQueueUrl', () => {
  it.each([
    ['https://sqs.eu-west-1.amazonaws.com/123456789012/orders', '123456789012', 'orders'],
    ['https://queue.amazonaws.com/123456789012/orders', '123456789012', 'orders'],
    ['http://localhost:4566/queue/us-east-1/000000000000/orders', '000000000000', 'orders'],
    ['http://sqs.us-east-1.localhost.localstack.cloud:4566/000000000000/orders', '000000000000', 'orders'],
    ['http://localhost:9324/123456789012/orders/', '123456789012', 'orders'],
    ['http://localhost:9324/base/123456789012/orders?x=1#y', '123456789012', 'orders'],
    ['http://localhost:9324/orders', undefined, 'orders'],
    ['http://localhost:9324/queue/orders', undefined, 'orders'],
    ['/queues/orders', undefined, 'orders'],
    ['/123456789012/orders', '123456789012', 'orders'],
    ['123456789012/orders', '123456789012', 'orders'],
    ['orders', undefined, 'orders'],
    ['http://localhost:9324/1/or%64ers', '1', 'orders'],
  ])('reads %s', (url, accountId, name) => {
    expect(parseQueueUrl(url)).toEqual({ accountId, name })
  })

  it.each(['', '/', '///', 'http://localhost:9324', 'http://localhost:9324/', 'http://h/1/%zz', '?x'])(
    'finds no queue in %j',
    (url) => {
      expect(parseQueueUrl(url)).toBeUndefined()
    },
  )
})

it('writes the URL and the ARN of a queue', () => {
  expect(formatQueueUrl('http://localhost:9324', '000000000000', 'orders')).toBe(
    'http://localhost:9324/000000000000/orders',
  )
  expect(formatQueueArn('us-east-1', '123456789012', 'orders')).toBe('arn:aws:sqs:us-east-1:123456789012:orders')
  expect(formatQueueArn('cn-north-1', '123456789012', 'orders')).toBe('arn:aws-cn:sqs:cn-north-1:123456789012:orders')
  expect(formatQueueArn('us-gov-west-1', '1', 'q')).toBe('arn:aws-us-gov:sqs:us-gov-west-1:1:q')
})
