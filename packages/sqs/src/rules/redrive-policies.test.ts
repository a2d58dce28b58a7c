import { describe, expect, it } from '@jest/globals'
import { SqsError } from '../errors/sqs-error.ts'
import { formatRedriveAllowPolicy, readRedriveAllowPolicy } from './redrive-allow-policy.ts'
import { formatRedrivePolicy, readRedrivePolicy } from './redrive-policy.ts'

const OWNER = { region: 'us-east-1', accountId: '123456789012' }
const ARN = 'arn:aws:sqs:us-east-1:123456789012:orders-dlq'

function errorOf(work: () => unknown): { shape: string; message: string } {
  try {
    work()
  } catch (error) {
    if (error instanceof SqsError) return error
    throw error
  }
  throw new Error('it was not refused')
}

describe('readRedrivePolicy', () => {
  it.each([1, 1_000, '1', '1000', '05'])('takes %j for maxReceiveCount', (maxReceiveCount) => {
    const text = JSON.stringify({ maxReceiveCount, deadLetterTargetArn: ARN })
    expect(readRedrivePolicy(text, OWNER)).toEqual({
      queueName: 'orders-dlq',
      maxReceiveCount: Number(maxReceiveCount),
    })
  })

  it('takes the name of a FIFO queue', () => {
    const text = `{"maxReceiveCount":3,"deadLetterTargetArn":"${ARN}.fifo"}`
    expect(readRedrivePolicy(text, OWNER).queueName).toBe('orders-dlq.fifo')
  })

  it.each(['', 'nonsense', '[]', '"x"', 'null', '1', '{'])('refuses %j as no JSON map', (text) => {
    expect(errorOf(() => readRedrivePolicy(text, OWNER))).toMatchObject({
      shape: 'InvalidAttributeValue',
      message: 'Invalid value for the parameter RedrivePolicy. Reason: Redrive policy is not a valid JSON map.',
    })
  })

  const range = (count: unknown) =>
    `Invalid value for maxReceiveCount: ${count}, valid values are from 1 to 1000 both inclusive.`
  it.each([
    [{}, 'Redrive policy does not contain mandatory attribute: maxReceiveCount.'],
    [{ deadLetterTargetArn: ARN }, 'Redrive policy does not contain mandatory attribute: maxReceiveCount.'],
    [{ maxReceiveCount: 0 }, 'Redrive policy does not contain mandatory attribute: deadLetterTargetArn.'],
    [
      { maxReceiveCount: 1, deadLetterTargetArn: null },
      'Redrive policy does not contain mandatory attribute: deadLetterTargetArn.',
    ],
    ...[0, -1, 1_001, 1.5, true, [1]].map(
      (count) =>
        [{ maxReceiveCount: count, deadLetterTargetArn: 'x', extra: 1 }, range(JSON.stringify(count))] as const,
    ),
    ...['', 'five', '1.5', '-1', ' 1', '1001', '99999999999999999999'].map(
      (count) => [{ maxReceiveCount: count, deadLetterTargetArn: ARN }, range(count)] as const,
    ),
    [
      { maxReceiveCount: 1, deadLetterTargetArn: 'x', extra: 1 },
      'Only following attributes are supported: [deadLetterTargetArn, maxReceiveCount].',
    ],
    ...['x', '', 7, {}, 'arn:aws:sqs:us-east-1', ARN.replace('arn', 'urn')].map(
      (arn) =>
        [
          { maxReceiveCount: 1, deadLetterTargetArn: arn },
          'Dead-letter target ARN should be fully qualified ARN.',
        ] as const,
    ),
    ...['arn:aws:sns:us-west-2:1:x', 'arn:aws:s3:::bucket', 'arn:aws:lambda:us-east-1:1:function:x'].map(
      (arn) =>
        [
          { maxReceiveCount: 1, deadLetterTargetArn: arn },
          'Only SQS queues are valid resources for deadLetterTargetArn.',
        ] as const,
    ),
    [
      { maxReceiveCount: 1, deadLetterTargetArn: 'arn:aws:sqs:us-west-2:999988887777:x' },
      'Dead-letter target must be in same region as the source.',
    ],
    [
      { maxReceiveCount: 1, deadLetterTargetArn: 'arn:aws:sqs:us-east-1:999988887777:x' },
      'Dead-letter target owner should be same as the source.',
    ],
    ...[`${ARN} `, `${ARN}:more`, ARN.replace('orders-dlq', '')].map(
      (arn) => [{ maxReceiveCount: 1, deadLetterTargetArn: arn }, 'Dead letter target does not exist.'] as const,
    ),
  ])('refuses %j, in the order of the service', (policy, reason) => {
    const text = JSON.stringify(policy)
    expect(errorOf(() => readRedrivePolicy(text, OWNER))).toMatchObject({
      shape: 'InvalidParameterValueException',
      message: `Value ${text} for parameter RedrivePolicy is invalid. Reason: ${reason}`,
    })
  })

  it('is shown with the count as a number, keys in order, without spaces', () => {
    expect(formatRedrivePolicy(ARN, 5)).toBe(`{"deadLetterTargetArn":"${ARN}","maxReceiveCount":5}`)
  })
})

describe('readRedriveAllowPolicy', () => {
  it.each(['allowAll', 'denyAll'])('takes %s', (redrivePermission) => {
    const text = JSON.stringify({ redrivePermission })
    expect(readRedriveAllowPolicy(text, OWNER)).toBe(redrivePermission)
    expect(readRedriveAllowPolicy(JSON.stringify({ redrivePermission, sourceQueueArns: [] }), OWNER)).toBe(
      redrivePermission,
    )
    expect(formatRedriveAllowPolicy(redrivePermission as 'allowAll', String)).toBe(text)
  })

  it('takes byQueue with one to ten sources', () => {
    for (const count of [1, 10]) {
      const names = Array.from({ length: count }, (_, i) => `q${i}`)
      const arnOf = (name: string) => ARN.replace('orders-dlq', name)
      const text = JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns: names.map(arnOf) })
      expect(readRedriveAllowPolicy(text, OWNER)).toEqual(names)
      expect(formatRedriveAllowPolicy(names, arnOf)).toBe(text)
    }
  })

  it.each([
    'nonsense',
    '[]',
    'null',
    '{}',
    '{"redrivePermission":"maybe"}',
    '{"redrivePermission":["allowAll"]}',
    '{"redrivePermission":"allowAll","extra":1}',
    '{"redrivePermission":"byQueue","sourceQueueArns":"x"}',
    '{"redrivePermission":"byQueue","sourceQueueArns":["x"]}',
    '{"redrivePermission":"byQueue","sourceQueueArns":[7]}',
    `{"redrivePermission":"byQueue","sourceQueueArns":["${ARN.replace('123456789012', '999988887777')}"]}`,
  ])('refuses the form of %s', (text) => {
    expect(errorOf(() => readRedriveAllowPolicy(text, OWNER))).toMatchObject({
      shape: 'InvalidAttributeValue',
      message:
        "Invalid value for the parameter RedriveAllowPolicy. Reason: Amazon SQS can't create the redrive allow policy, as it’s in an unsupported format.",
    })
  })

  it.each([
    [
      { redrivePermission: 'allowAll', sourceQueueArns: [ARN] },
      'To specify one or more source queue ARNs, you must set redrivePermission to byQueue.',
    ],
    [
      { redrivePermission: 'byQueue' },
      'When you specify the byQueue permission type, you must also specify one or more sourceQueueArns values.',
    ],
    [
      { redrivePermission: 'byQueue', sourceQueueArns: [] },
      'When you specify the byQueue permission type, you must also specify one or more sourceQueueArns values.',
    ],
    [
      { redrivePermission: 'byQueue', sourceQueueArns: Array(11).fill(ARN) },
      'The maximum number of source queue ARNs you can specify is 10.',
    ],
  ])('refuses %j', (policy, reason) => {
    const text = JSON.stringify(policy)
    const { shape, message } = errorOf(() => readRedriveAllowPolicy(text, OWNER))
    expect(shape).toBe('InvalidParameterValueException')
    expect(message).toMatch(/^Value .* for parameter RedriveAllowPolicy is invalid\. Reason: /)
    expect(message.endsWith(`Amazon SQS can't create the redrive allow policy. ${reason}`)).toBe(true)
  })
})
