import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { SqsError } from '../errors/sqs-error.ts'
import { type AccessDecision, decideAccess } from './decide-access.ts'
import { checkPermission, checkStatementCount, withoutPermission, withPermission } from './edit-policy.ts'
import { evaluatePolicy } from './evaluate-policy.ts'
import { parsePolicy } from './policy.ts'

const OWNER = '111111111111'
const FRIEND = '222222222222'
const QUEUE = `arn:aws:sqs:us-east-1:${OWNER}:orders`
const USER = `arn:aws:iam::${FRIEND}:user/SKFRIEND`

const ALLOW_ALL = { Effect: 'Allow', Principal: '*', Action: 'sqs:*', Resource: QUEUE }

/** A variable as it stands in a policy. */
const variable = (name: string) => `$${'{'}${name}}`

type Keys = Readonly<Record<string, string | readonly string[]>>

const policyText = (statements: unknown, Version: string | undefined = '2012-10-17') =>
  JSON.stringify({ Version, Statement: statements })

/** What a statement says of FRIEND's sending, unless told otherwise. */
function verdict(statement: object, { action = 'SendMessage', resource = QUEUE, arn = USER, keys = {} as Keys } = {}) {
  const policy = parsePolicy(policyText([{ ...ALLOW_ALL, ...statement }]))
  const accountId = arn.split(':')[4] as string
  return evaluatePolicy(policy, {
    principal: { accountId, arn },
    action,
    resource,
    keys: (name) => [keys[name] ?? []].flat(),
  }).allows
}

function errorOf(run: () => unknown): { shape: string; message: string } | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    const { shape, message } = error as SqsError
    return { shape, message }
  }
}

describe('parsePolicy', () => {
  const invalid = { shape: 'InvalidAttributeValue', message: 'Invalid value for the parameter Policy.' }

  it.each<[string, unknown]>([
    ['one statement without a list', policyText(ALLOW_ALL)],
    ['no version', policyText([ALLOW_ALL], undefined)],
    ['the old version', policyText([ALLOW_ALL], '2008-10-17')],
    ['a service', policyText([{ ...ALLOW_ALL, Principal: { Service: 'sns.amazonaws.com' } }])],
    [
      'several kinds of principals',
      policyText([{ ...ALLOW_ALL, Principal: { AWS: [FRIEND, USER, '*'], Federated: 'x' } }]),
    ],
    [
      'everything turned around',
      policyText([{ Effect: 'Deny', NotPrincipal: '*', NotAction: ['a'], NotResource: 'b' }]),
    ],
    [
      'numbers and booleans as values',
      policyText([{ ...ALLOW_ALL, Condition: { NumericLessThan: { k: 3 }, Bool: { k: true } } }]),
    ],
  ])('takes %s', (_what, text) => {
    expect(errorOf(() => parsePolicy(text as string))).toBeUndefined()
  })

  it.each<[string, string]>([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['no statement', '{"Version":"2012-10-17"}'],
    ['no statements', policyText([])],
    ['another version', policyText([ALLOW_ALL], '2020-01-01')],
    ['another member', JSON.stringify({ Version: '2012-10-17', Statement: [ALLOW_ALL], X: 1 })],
    ['an Id that is no text', JSON.stringify({ Id: 1, Statement: [ALLOW_ALL] })],
    ...(
      [
        ['a statement that is no object', 'x'],
        ['another effect', { ...ALLOW_ALL, Effect: 'allow' }],
        ['another member in a statement', { ...ALLOW_ALL, X: 1 }],
        ['a Sid that is no text', { ...ALLOW_ALL, Sid: 1 }],
        ['no principal', { ...ALLOW_ALL, Principal: undefined }],
        ['both kinds of principals', { ...ALLOW_ALL, NotPrincipal: '*' }],
        ['a principal that is a name', { ...ALLOW_ALL, Principal: FRIEND }],
        ['an account of eleven digits', { ...ALLOW_ALL, Principal: { AWS: '12345678901' } }],
        ['an unknown kind of principal', { ...ALLOW_ALL, Principal: { GCP: '*' } }],
        ['an empty list of principals', { ...ALLOW_ALL, Principal: { AWS: [] } }],
        ['an empty principal', { ...ALLOW_ALL, Principal: {} }],
        ['no action', { ...ALLOW_ALL, Action: undefined }],
        ['an empty list of actions', { ...ALLOW_ALL, Action: [] }],
        ['an action that is no text', { ...ALLOW_ALL, Action: [1] }],
        ['no resource', { ...ALLOW_ALL, Resource: undefined }],
        ['an unknown operator', { ...ALLOW_ALL, Condition: { Equals: { k: 'v' } } }],
        ['an operator of objects', { ...ALLOW_ALL, Condition: { constructor: { k: 'v' } } }],
        ['NullIfExists', { ...ALLOW_ALL, Condition: { NullIfExists: { k: 'true' } } }],
        ['no values', { ...ALLOW_ALL, Condition: { StringEquals: { k: [] } } }],
        ['a number that is none', { ...ALLOW_ALL, Condition: { NumericEquals: { k: 'x' } } }],
        ['a date that is none', { ...ALLOW_ALL, Condition: { DateEquals: { k: 'yesterday' } } }],
        ['a network that is none', { ...ALLOW_ALL, Condition: { IpAddress: { k: '10.0.0.0/33' } } }],
        ['a condition that is a list', { ...ALLOW_ALL, Condition: [] }],
      ] as [string, unknown][]
    ).map(([what, statement]): [string, string] => [what, policyText([statement])]),
    ['8,193 bytes', policyText([ALLOW_ALL]).padEnd(8_193)],
    ['51 principals', policyText([{ ...ALLOW_ALL, Principal: { AWS: new Array(51).fill(FRIEND) } }])],
    ['11 conditions', policyText(new Array(11).fill({ ...ALLOW_ALL, Condition: { Null: { k: 'true' } } }))],
  ])('refuses %s', (_what, text) => {
    expect(errorOf(() => parsePolicy(text))).toEqual(invalid)
  })

  it('G36 answers every text with a policy or that one error', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.jsonValue().map((value) => policyText([value])),
        ),
        (text) => {
          const error = errorOf(() => parsePolicy(text))
          if (error !== undefined) expect(error).toEqual(invalid)
        },
      ),
    )
  })
})

describe('a statement', () => {
  it.each<[boolean, object, object?]>([
    [true, { Principal: '*' }],
    [true, { Principal: { AWS: '*' } }],
    [true, { Principal: { AWS: FRIEND } }],
    [true, { Principal: { AWS: `arn:aws:iam::${FRIEND}:root` } }],
    [true, { Principal: { AWS: `arn:aws-cn:iam::${FRIEND}:root` } }],
    [true, { Principal: { AWS: [OWNER, USER] } }],
    [false, { Principal: { AWS: OWNER } }],
    [false, { Principal: { AWS: `${USER}2` } }],
    [false, { Principal: { AWS: 'AIDAACKCEVSQ6C2EXAMPLE' } }],
    [false, { Principal: { Service: 'sns.amazonaws.com' } }],
    [false, { Principal: undefined, NotPrincipal: { AWS: USER } }],
    [true, { Principal: undefined, NotPrincipal: { AWS: OWNER } }],
  ])('is %p for the principal of %j', (expected, statement) => {
    expect(verdict(statement)).toBe(expected)
  })

  it.each<[boolean, object, string?]>([
    [true, { Action: 'SQS:SendMessage' }],
    [true, { Action: 'sqs:sendmessage' }],
    [true, { Action: ['sqs:ReceiveMessage', 'SQS:Send*'] }],
    [true, { Action: '*' }],
    [true, { Action: 'sqs:?endMessage' }],
    [false, { Action: 'sqs:Send' }],
    [false, { Action: 'SendMessage' }],
    [false, { Action: 'sqs:SendMessageBatch' }],
    [false, { Action: 'sns:*' }],
    [false, { Action: undefined, NotAction: 'sqs:Send*' }],
    [true, { Action: undefined, NotAction: ['sqs:Receive*', 'sqs:DeleteMessage'] }],
  ])('is %p for sending with %j', (expected, statement) => {
    expect(verdict(statement)).toBe(expected)
  })

  it.each<[boolean, object]>([
    [true, { Resource: '*' }],
    [true, { Resource: `arn:aws:sqs:*:${OWNER}:ord*` }],
    [true, { Resource: ['x', QUEUE] }],
    [false, { Resource: `${QUEUE}2` }],
    [false, { Resource: QUEUE.replace('orders', 'Orders') }],
    [false, { Resource: undefined, NotResource: QUEUE }],
    [true, { Resource: undefined, NotResource: 'arn:aws:sqs:*:*:other' }],
    // A variable puts in what the request has, and a `*` in that is a `*` and nothing else.
    [true, { Resource: QUEUE.replace('orders', variable('aws:username')) }],
    [false, { Resource: QUEUE.replace('orders', variable('aws:star')) }],
    [false, { Resource: QUEUE.replace('orders', variable('aws:absent')) }],
    [true, { Resource: QUEUE.replace('orders', variable("aws:absent, 'orders'")) }],
  ])('is %p for the queue with %j', (expected, statement) => {
    expect(verdict(statement, { keys: { 'aws:username': 'orders', 'aws:star': '*' } })).toBe(expected)
  })

  it.each<[boolean, string, string, string | string[], Keys]>([
    [true, 'StringEquals', 'aws:UserAgent', 'a', { 'aws:useragent': 'a' }],
    [true, 'StringEquals', 'AWS:useragent', ['b', 'a'], { 'aws:useragent': 'a' }],
    [false, 'StringEquals', 'aws:UserAgent', 'a*', { 'aws:useragent': 'ab' }],
    [false, 'StringEquals', 'aws:UserAgent', 'A', { 'aws:useragent': 'a' }],
    [false, 'StringEquals', 'aws:UserAgent', 'a', {}],
    [true, 'StringEqualsIfExists', 'aws:UserAgent', 'a', {}],
    [false, 'StringEqualsIfExists', 'aws:UserAgent', 'a', { 'aws:useragent': 'b' }],
    [true, 'StringNotEquals', 'aws:UserAgent', 'a', {}],
    [true, 'StringNotEquals', 'aws:UserAgent', 'a', { 'aws:useragent': 'b' }],
    [false, 'StringNotEquals', 'aws:UserAgent', ['b', 'a'], { 'aws:useragent': 'a' }],
    [true, 'StringEqualsIgnoreCase', 'aws:UserAgent', 'AbC', { 'aws:useragent': 'aBc' }],
    [false, 'StringNotEqualsIgnoreCase', 'aws:UserAgent', 'AbC', { 'aws:useragent': 'aBc' }],
    [true, 'StringLike', 'aws:UserAgent', 'a?c*', { 'aws:useragent': 'abcd' }],
    [false, 'StringLike', 'aws:UserAgent', 'a?c', { 'aws:useragent': 'ac' }],
    [true, 'StringLike', 'aws:UserAgent', `a${variable('*')}`, { 'aws:useragent': 'a*' }],
    [false, 'StringLike', 'aws:UserAgent', `a${variable('*')}`, { 'aws:useragent': 'ab' }],
    [false, 'StringNotLike', 'aws:UserAgent', 'a*', { 'aws:useragent': 'ab' }],
    [
      true,
      'StringEquals',
      'aws:ResourceTag/owner',
      variable('aws:PrincipalAccount'),
      { 'aws:resourcetag/owner': '1', 'aws:principalaccount': '1' },
    ],
    [true, 'NumericEquals', 'k', '1.0', { k: '1' }],
    [true, 'NumericLessThan', 'k', '2', { k: '1' }],
    [false, 'NumericLessThan', 'k', '1', { k: '1' }],
    [true, 'NumericLessThanEquals', 'k', '1', { k: '1' }],
    [true, 'NumericGreaterThan', 'k', '-1', { k: '0' }],
    [true, 'NumericGreaterThanEquals', 'k', '0', { k: '0' }],
    [false, 'NumericGreaterThan', 'k', '0', { k: 'x' }],
    [true, 'NumericNotEquals', 'k', '1', { k: '2' }],
    [true, 'DateGreaterThan', 'aws:CurrentTime', '2026-01-01T00:00:00Z', { 'aws:currenttime': '2026-01-02T00:00:00Z' }],
    [true, 'DateLessThan', 'aws:EpochTime', '2026-01-01', { 'aws:epochtime': '1700000000' }],
    [true, 'DateEquals', 'aws:EpochTime', '1700000000', { 'aws:epochtime': '1700000000' }],
    [false, 'DateNotEquals', 'aws:EpochTime', '1700000000', { 'aws:epochtime': '1700000000' }],
    [true, 'DateLessThanEquals', 'aws:EpochTime', '1700000000', { 'aws:epochtime': '1700000000' }],
    [true, 'DateGreaterThanEquals', 'aws:EpochTime', '1700000000', { 'aws:epochtime': '1700000000' }],
    [true, 'Bool', 'aws:SecureTransport', 'False', { 'aws:securetransport': 'false' }],
    [false, 'Bool', 'aws:SecureTransport', 'true', { 'aws:securetransport': 'false' }],
    [false, 'Bool', 'aws:MultiFactorAuthPresent', 'false', {}],
    [true, 'BoolIfExists', 'aws:MultiFactorAuthPresent', 'false', {}],
    [true, 'BinaryEquals', 'k', 'AAE=', { k: 'AAE=' }],
    [true, 'IpAddress', 'aws:SourceIp', ['192.168.0.0/16', '10.1.2.0/24'], { 'aws:sourceip': '10.1.2.3' }],
    [true, 'IpAddress', 'aws:SourceIp', '10.1.2.3', { 'aws:sourceip': '::ffff:10.1.2.3' }],
    [false, 'IpAddress', 'aws:SourceIp', '10.1.2.0/24', { 'aws:sourceip': '10.1.3.3' }],
    [true, 'IpAddress', 'aws:SourceIp', '2001:db8::/32', { 'aws:sourceip': '2001:db8::1' }],
    [false, 'IpAddress', 'aws:SourceIp', '0.0.0.0/0', { 'aws:sourceip': '2001:db8::1' }],
    [true, 'NotIpAddress', 'aws:SourceIp', '10.1.2.0/24', { 'aws:sourceip': '10.1.3.3' }],
    [true, 'ArnEquals', 'aws:SourceArn', 'arn:aws:sns:*:*:topic', { 'aws:sourcearn': 'arn:aws:sns:eu-west-1:1:topic' }],
    [false, 'ArnLike', 'aws:SourceArn', 'arn:aws:sns:*:topic', { 'aws:sourcearn': 'arn:aws:sns:eu-west-1:1:topic' }],
    [true, 'ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::*:user/*', { 'aws:principalarn': USER }],
    [true, 'ArnNotEquals', 'aws:SourceArn', 'arn:aws:sns:*:*:*', {}],
    [false, 'ArnNotLike', 'aws:SourceArn', 'arn:aws:sns:*:*:*', { 'aws:sourcearn': 'arn:aws:sns:r:1:t' }],
    [false, 'ArnEquals', 'aws:SourceArn', 'arn:aws:sns:*:*:*', {}],
    [true, 'Null', 'aws:SourceArn', 'true', {}],
    [false, 'Null', 'aws:SourceArn', 'false', {}],
    [true, 'Null', 'aws:UserAgent', 'false', { 'aws:useragent': '' }],
    [true, 'ForAllValues:StringEquals', 'aws:TagKeys', ['a', 'b'], { 'aws:tagkeys': ['b'] }],
    [false, 'ForAllValues:StringEquals', 'aws:TagKeys', ['a', 'b'], { 'aws:tagkeys': ['b', 'c'] }],
    [true, 'ForAllValues:StringEquals', 'aws:TagKeys', ['a'], {}],
    [true, 'ForAnyValue:StringEquals', 'aws:TagKeys', ['a'], { 'aws:tagkeys': ['b', 'a'] }],
    [false, 'ForAnyValue:StringEquals', 'aws:TagKeys', ['a'], { 'aws:tagkeys': ['b'] }],
    [false, 'ForAnyValue:StringEquals', 'aws:TagKeys', ['a'], {}],
    [true, 'ForAnyValue:StringEqualsIfExists', 'aws:TagKeys', ['a'], {}],
    [true, 'ForAnyValue:StringNotEquals', 'aws:TagKeys', ['a'], { 'aws:tagkeys': ['a', 'b'] }],
    [false, 'ForAnyValue:StringNotEquals', 'aws:TagKeys', ['a'], {}],
    [false, 'ForAllValues:StringNotEquals', 'aws:TagKeys', ['a'], { 'aws:tagkeys': ['a', 'b'] }],
  ])('is %p when %s %s %j, for %j', (expected, operator, key, value, keys) => {
    expect(verdict({ Condition: { [operator]: { [key]: value } } }, { keys })).toBe(expected)
  })

  it('needs all of its conditions', () => {
    const Condition = { StringEquals: { a: '1', b: '2' }, Null: { c: 'true' } }
    expect(verdict({ Condition }, { keys: { a: '1', b: '2' } })).toBe(true)
    expect(verdict({ Condition }, { keys: { a: '1', b: '3' } })).toBe(false)
    expect(verdict({ Condition }, { keys: { a: '1', b: '2', c: '3' } })).toBe(false)
  })

  it('has no variables in the version before them', () => {
    const Resource = QUEUE.replace('orders', variable('aws:username'))
    const policy = parsePolicy(policyText([{ ...ALLOW_ALL, Resource }], '2008-10-17'))
    const keys = () => ['orders']
    const principal = { accountId: FRIEND, arn: USER }
    expect(evaluatePolicy(policy, { principal, action: 'SendMessage', resource: QUEUE, keys }).allows).toBe(false)
  })
})

describe('decideAccess', () => {
  const allow = (Action: string) => ({ ...ALLOW_ALL, Action })
  const deny = (Action: string) => ({ ...ALLOW_ALL, Effect: 'Deny', Action })

  it.each<[AccessDecision, 'own' | 'other', boolean, string, object[] | undefined]>([
    ['allowed', 'own', true, 'SendMessage', undefined],
    ['noIdentityPolicy', 'own', false, 'SendMessage', undefined],
    ['allowed', 'own', true, 'SendMessage', [allow('sqs:ReceiveMessage')]],
    ['allowed', 'own', false, 'SendMessage', [allow('sqs:SendMessage')]],
    ['allowed', 'own', false, 'DeleteQueue', [allow('sqs:*')]],
    ['noIdentityPolicy', 'own', false, 'SendMessage', [allow('sqs:ReceiveMessage')]],
    ['explicitDeny', 'own', true, 'SendMessage', [deny('sqs:SendMessage')]],
    ['explicitDeny', 'own', false, 'SendMessage', [allow('sqs:*'), deny('sqs:Send*')]],
    ['explicitDeny', 'own', true, 'SendMessage', [deny('sqs:Send*'), allow('sqs:*')]],
    // Those who may not do it anyway are told nothing of the policy.
    ['noIdentityPolicy', 'own', false, 'SendMessage', [deny('sqs:*')]],
    ['allowed', 'other', true, 'SendMessage', [allow('sqs:SendMessage')]],
    ['noIdentityPolicy', 'other', false, 'SendMessage', [allow('sqs:*')]],
    ['explicitDeny', 'other', true, 'SendMessage', [allow('sqs:*'), deny('sqs:SendMessage')]],
    ['noResourcePolicy', 'other', true, 'SendMessage', [allow('sqs:ReceiveMessage')]],
    ['noResourcePolicy', 'other', true, 'SendMessage', [allow('sqs:ReceiveMessage'), deny('sqs:SendMessage')]],
    ['unknownQueue', 'other', true, 'SendMessage', undefined],
    ['unknownQueue', 'other', true, 'SendMessage', [deny('sqs:*')]],
    ['unknownQueue', 'other', true, 'DeleteQueue', undefined],
    ...[
      'DeleteQueue',
      'SetQueueAttributes',
      'AddPermission',
      'RemovePermission',
      'TagQueue',
      'UntagQueue',
      'ListQueueTags',
    ].map((action): [AccessDecision, 'other', boolean, string, object[]] => [
      'noResourcePolicy',
      'other',
      true,
      action,
      [allow('*')],
    ]),
  ])(
    'says %s to the %s account (own key: %p) for %s by %j',
    (expected, whose, isAllowedByIdentity, action, statements) => {
      const accountId = whose === 'own' ? OWNER : FRIEND
      expect(
        decideAccess(statements === undefined ? undefined : parsePolicy(policyText(statements)), {
          principal: { accountId, arn: `arn:aws:iam::${accountId}:user/SKX` },
          ownerAccountId: OWNER,
          isAllowedByIdentity,
          action,
          resource: QUEUE,
          keys: () => [],
        }),
      ).toBe(expected)
    },
  )
})

describe('withPermission and withoutPermission', () => {
  const permission = { Label: 'a', AWSAccountIds: [FRIEND], Actions: ['SendMessage'] }

  it('undo each other, and keep what somebody else wrote', () => {
    const first = withPermission(undefined, QUEUE, permission)
    expect(withoutPermission(first, 'a')).toBeUndefined()
    const own = policyText(ALLOW_ALL)
    const both = withPermission(own, QUEUE, permission)
    expect(JSON.parse(both).Statement).toHaveLength(2)
    expect(JSON.parse(withoutPermission(both, 'a') ?? '')).toEqual(JSON.parse(policyText([ALLOW_ALL])))
  })

  it('takes the same permission twice without a change, and no other one under its label', () => {
    const text = withPermission(undefined, QUEUE, permission)
    expect(withPermission(text, QUEUE, permission)).toBe(text)
    expect(errorOf(() => withPermission(text, QUEUE, { ...permission, Actions: ['*'] }))).toEqual({
      shape: 'InvalidParameterValueException',
      message: 'Value a for parameter Label is invalid. Reason: Already exists.',
    })
  })

  it.each<[object, string]>([
    [{ AWSAccountIds: [] }, 'Value [] for parameter PrincipalId is invalid. Reason: Unable to verify.'],
    [{ AWSAccountIds: undefined }, 'Value [] for parameter PrincipalId is invalid. Reason: Unable to verify.'],
    [
      { AWSAccountIds: [FRIEND, '1', 'x'] },
      'Value [1, x] for parameter PrincipalId is invalid. Reason: Unable to verify.',
    ],
    [{ Actions: [] }, 'The request must contain the parameter Actions.'],
    [
      { Actions: ['sendmessage'] },
      'Value SQS:sendmessage for parameter ActionName is invalid. Reason: Please refer to the appropriate WSDL for a list of valid actions.',
    ],
  ])('refuses %j', (change, message) => {
    expect(errorOf(() => checkPermission({ ...permission, ...change }))?.message).toBe(message)
  })

  it('refuses more accounts than a policy can name', () => {
    const AWSAccountIds = new Array(51).fill(FRIEND)
    expect(errorOf(() => withPermission(undefined, QUEUE, { ...permission, AWSAccountIds }))?.shape).toBe(
      'InvalidAttributeValue',
    )
  })

  it('has one error for too many statements of a new queue and another for those of an old one', () => {
    const message = '21 Statements were found, maximum allowed is 20.'
    expect(errorOf(() => checkStatementCount(21, true))).toEqual({ shape: 'InvalidParameterValueException', message })
    expect(errorOf(() => checkStatementCount(21, false))).toEqual({ shape: 'OverLimit', message })
    expect(errorOf(() => checkStatementCount(20, false))).toBeUndefined()
  })
})
