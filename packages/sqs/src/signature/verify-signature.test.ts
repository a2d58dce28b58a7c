import { createHash, createHmac } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { encodeJsonError } from '../codecs/encode-json.ts'
import { encodeXmlError } from '../codecs/encode-xml.ts'
import { SqsError } from '../errors/sqs-error.ts'
import type { SignatureRules } from './parse-signature.ts'
import {
  ACCESS_KEY_ID,
  headerOf,
  presignRequest,
  RULES,
  SECRET,
  SIGNED_AT_MS,
  signRequest,
  withHeaders,
} from './sign-request.fixture.ts'
import { ALGORITHM } from './signature-parts.ts'
import type { SignedRequest } from './signed-request.ts'
import { SigningKeys } from './signing-keys.ts'
import { type SignatureKeys, verifySignature } from './verify-signature.fixture.ts'

const JSON_REQUEST = {
  headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' },
  body: '{"MessageBody":"a"}',
}

const findSecret = (accessKeyId: string) => (accessKeyId === ACCESS_KEY_ID ? SECRET : undefined)

function verify(request: SignedRequest, changes: Partial<SignatureRules & SignatureKeys> = {}) {
  return verifySignature(request, { ...RULES, findSecret, signingKeys: new SigningKeys(), ...changes })
}

/** Status, both codes and the text of what is thrown. */
async function refusal(request: SignedRequest, changes: Partial<SignatureRules & SignatureKeys> = {}) {
  const error = await verify(request, changes).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof SqsError)) throw new Error(`not refused: ${String(error)}`)
  return [error.entry.status, error.shape, error.entry.queryCode, error.message] as const
}

const incomplete = (text: string) => [400, 'IncompleteSignatureException', 'IncompleteSignature', text]
const invalid = (text: string) => [403, 'InvalidSignatureException', 'SignatureDoesNotMatch', text]
const MISMATCH = invalid(
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and ' +
    'signing method. Consult the service documentation for details.',
)
const UNKNOWN_KEY = [
  403,
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'The security token included in the request is invalid.',
]

function withAuthorization(request: SignedRequest, change: (authorization: string) => string): SignedRequest {
  return withHeaders(request, { authorization: change(headerOf(request, 'authorization') ?? '') })
}

/** A signature by the header `Date`, which the signer of the SDK never makes. */
function signByHand({ date }: { date: string }): SignedRequest {
  const canonical = `POST\n/\n\ndate:${date}\nhost:h\n\ndate;host\n${createHash('sha256').digest('hex')}`
  const scope = '20260801/eu-west-1/sqs/aws4_request'
  const hashed = createHash('sha256').update(canonical).digest('hex')
  const key = ['20260801', 'eu-west-1', 'sqs', 'aws4_request'].reduce<Buffer | string>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `AWS4${SECRET}`,
  )
  const toSign = `${ALGORITHM}\n20260801T100000Z\n${scope}\n${hashed}`
  const signature = createHmac('sha256', key).update(toSign).digest('hex')
  const credential = `${ACCESS_KEY_ID}/${scope}`
  const authorization = `${ALGORITHM} Credential=${credential}, SignedHeaders=date;host, Signature=${signature}`
  const rawHeaders = ['Host', 'h', 'Date', date, 'Authorization', authorization]
  return { method: 'POST', rawPath: '/', rawQuery: '', rawHeaders, body: new Uint8Array() }
}

const minutesLater = (minutes: number) => ({ nowMs: SIGNED_AT_MS + minutes * 60_000 })

describe('a signature in the header', () => {
  it('is accepted with the key, the region and the path that it is for', async () => {
    const request = await signRequest({ ...JSON_REQUEST, path: '/123456789012/orders' })
    expect(await verify(request)).toEqual({
      accessKeyId: ACCESS_KEY_ID,
      region: 'eu-west-1',
      path: '/123456789012/orders',
    })
  })

  it.each([
    ['no spaces after commas', (text: string) => text.replaceAll(', ', ',')],
    ['more spaces', (text: string) => text.replaceAll(', ', ' ,   ').replace(' ', '   ')],
    ['another order', (text: string) => text.replace(/(Credential=\S+), (.*)/, '$2, $1')],
  ])('may be written with %s', async (_, change) => {
    const request = withAuthorization(await signRequest(JSON_REQUEST), change)
    expect(await verify(request)).toMatchObject({ accessKeyId: ACCESS_KEY_ID })
  })

  it.each(['/1/a%20b', '/1/caf%C3%A9', '//1//orders/', '/1/./x/../orders'])(
    'holds for %s, which AWS signers encode again or normalise',
    async (path) => {
      expect(await verify(await signRequest({ ...JSON_REQUEST, path }))).toMatchObject({ accessKeyId: ACCESS_KEY_ID })
    },
  )

  it('tells the path that was signed, so that dots cannot lead to the queue of another account', async () => {
    const request = await signRequest({ ...JSON_REQUEST, path: '/222222222222/orders' })
    const verified = await verify({ ...request, rawPath: '/222222222222/x/../orders' })
    expect(verified.path).toBe('/222222222222/orders')
  })

  it('is refused when a signed plus is sent so that it is read as a space', async () => {
    const request = await signRequest({ method: 'GET', query: { Action: 'SendMessage', MessageBody: 'a+b' } })
    await expect(verify(request)).resolves.toBeDefined()
    const rawQuery = request.rawQuery.replace('%2B', '+')
    expect(await refusal({ ...request, rawQuery })).toEqual(MISMATCH)
  })

  it('keeps no derived key for a wrong signature', async () => {
    const signingKeys = new SigningKeys()
    await refusal(await signRequest(JSON_REQUEST, { secret: 'guessed' }), { signingKeys })
    expect(signingKeys.size).toBe(0)
    await verify(await signRequest(JSON_REQUEST), { signingKeys })
    expect(signingKeys.size).toBe(1)
  })

  it('stops being accepted when the secret of its key is replaced', async () => {
    const request = await signRequest(JSON_REQUEST)
    const signingKeys = new SigningKeys()
    await verify(request, { signingKeys })
    expect(await refusal(request, { signingKeys, findSecret: async () => 'another' })).toEqual(MISMATCH)
    expect(await refusal(request, { signingKeys, findSecret: async () => undefined })).toEqual(UNKNOWN_KEY)
  })

  it('may take its date from the header Date, in either form', async () => {
    for (const date of ['20260801T100000Z', 'Sat, 01 Aug 2026 10:00:00 GMT']) {
      const signed = signByHand({ date })
      await expect(verify(signed)).resolves.toMatchObject({ accessKeyId: ACCESS_KEY_ID })
      expect(await refusal(withHeaders(signed, { date: 'Sat, 01 Aug 2026 10:00:01 GMT' }))).toEqual(MISMATCH)
    }
  })
})

describe('a presigned URL', () => {
  const QUERY = { Action: 'GetQueueAttributes', 'AttributeName.1': 'All' }

  it.each(['GET', 'POST'])('is accepted as %s', async (method) => {
    const request = await presignRequest({ method, path: '/1/orders', query: QUERY }, 3_600)
    expect(request.rawQuery).toContain('X-Amz-Signature=')
    expect(await verify(request)).toEqual({ accessKeyId: ACCESS_KEY_ID, region: 'eu-west-1', path: '/1/orders' })
  })

  it('is accepted until the last second of its time, whatever the clock window, and not longer', async () => {
    const request = await presignRequest({ method: 'GET', query: QUERY }, 3_600)
    await expect(verify(request, { nowMs: SIGNED_AT_MS + 3_600_999 })).resolves.toBeDefined()
    expect(await refusal(request, { nowMs: SIGNED_AT_MS + 3_601_000 })).toEqual([
      400,
      'RequestExpired',
      'RequestExpired',
      'Request has expired.',
    ])
  })

  it('is not accepted more than the clock window before its time', async () => {
    const request = await presignRequest({ method: 'GET', query: QUERY }, 3_600)
    await expect(verify(request, minutesLater(-15))).resolves.toBeDefined()
    expect(await refusal(request, { nowMs: SIGNED_AT_MS - 15 * 60_000 - 1 })).toEqual(
      invalid(
        'Signature not yet current: 20260801T100000Z is still later than 20260801T095959Z (20260801T094459Z + 15 min.)',
      ),
    )
  })

  it.each(['1', '604800'])('may be valid for %s seconds', async (seconds) => {
    await expect(verify(await presignRequest({ query: QUERY }, Number(seconds)))).resolves.toBeDefined()
  })

  it.each(['0', '604801', '-1', '1.5', '1e3', 'x'])('may not be valid for %s seconds', async (seconds) => {
    const request = await presignRequest({ query: QUERY }, 60)
    const rawQuery = request.rawQuery.replace('X-Amz-Expires=60', `X-Amz-Expires=${seconds}`)
    expect(await refusal({ ...request, rawQuery })).toEqual(
      incomplete("'X-Amz-Expires' must be a number of seconds between 1 and 604800."),
    )
  })

  it('is refused with a body that was not signed', async () => {
    const request = await presignRequest({ method: 'GET', query: QUERY }, 60)
    expect(await refusal({ ...request, body: Buffer.from('Action=PurgeQueue') })).toEqual(MISMATCH)
  })

  it.each([
    ['X-Amz-Algorithm'],
    ['X-Amz-Credential'],
    ['X-Amz-Signature'],
    ['X-Amz-SignedHeaders'],
    ['X-Amz-Date'],
    ['X-Amz-Expires'],
  ])('is refused without %s, and with two', async (name) => {
    const request = await presignRequest({ query: QUERY }, 60)
    const rawQuery = request.rawQuery
      .split('&')
      .filter((pair) => !pair.startsWith(`${name}=`))
      .join('&')
    expect(await refusal({ ...request, rawQuery })).toEqual(
      incomplete(`AWS query-string parameters must include '${name}'. Re-examine the query-string parameters.`),
    )
    expect(await refusal({ ...request, rawQuery: `${request.rawQuery}&${name}=1` })).toEqual(
      incomplete(`AWS query-string parameters include '${name}' more than once.`),
    )
  })
})

describe('a request without a signature of version 4', () => {
  const unsigned = (rawHeaders: string[], rawQuery = ''): SignedRequest => ({
    method: 'POST',
    rawPath: '/',
    rawQuery,
    rawHeaders: ['Host', 'sqs.eu-west-1.amazonaws.com', ...rawHeaders],
    body: Buffer.from('Action=ListQueues'),
  })
  const DENIED = 'Access to the resource https://sqs.eu-west-1.amazonaws.com/ is denied.'
  const OLD = [
    403,
    'InvalidSecurity',
    'InvalidSecurity',
    'The request was not made over HTTPS or did not use SigV4 for signing.',
  ]

  it('is denied when there are no credentials at all, in the words of each protocol', async () => {
    expect(await refusal(unsigned([]))).toEqual([403, 'AccessDeniedException', 'AccessDenied', DENIED])
    const error = new SqsError('AccessDeniedException', DENIED)
    expect(JSON.parse(encodeJsonError(error))).toEqual({
      __type: 'com.amazon.coral.service#AccessDeniedException',
      Message: DENIED,
    })
    expect(encodeXmlError(error, 'r-1')).toContain(`<Code>AccessDenied</Code><Message>${DENIED}</Message>`)
  })

  it('is refused with an old version, in the header and in the query string', async () => {
    expect(await refusal(unsigned(['Authorization', 'AWS AKIDEXAMPLE:c2ln']))).toEqual(OLD)
    expect(await refusal(unsigned([], 'AWSAccessKeyId=AKIDEXAMPLE&SignatureVersion=2&Signature=c2ln'))).toEqual(OLD)
  })

  it.each(['Bearer eyJhbGciOi', 'Basic dXNlcjpwYXNz', 'eyJhbGciOi', ''])(
    'is refused with the authorization %j, which is not repeated',
    async (authorization) => {
      expect(await refusal(unsigned(['Authorization', authorization]))).toEqual(
        incomplete(
          "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. " +
            "Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a " +
            "'X-Amz-Date' or a 'Date' header.",
        ),
      )
    },
  )
})

describe('a malformed signature', () => {
  it.each([
    ['Credential', /Credential=\S+, /],
    ['SignedHeaders', /SignedHeaders=\S+, /],
    ['Signature', /, Signature=\S+/],
    ['Credential', /(?<=Credential=)[^,]+/],
  ])('is refused without %s', async (name, part) => {
    const request = withAuthorization(await signRequest(JSON_REQUEST), (text) => text.replace(part, ''))
    expect(await refusal(request)).toEqual(incomplete(`Authorization header requires '${name}' parameter.`))
  })

  it('is refused without a date', async () => {
    const request = withHeaders(await signRequest(JSON_REQUEST), { 'x-amz-date': undefined })
    expect(await refusal(request)).toEqual(
      incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."),
    )
  })

  it.each([
    [
      'an algorithm that SQS does not know',
      (text: string) => text.replace(ALGORITHM, 'AWS4-ECDSA-P256-SHA256'),
      "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256' (only AWS4-HMAC-SHA256 for now).",
    ],
    [
      'a parameter without a value',
      (text: string) => `${text}, Credential`,
      'Invalid key=value pair (missing equal-sign) in Authorization header.',
    ],
    [
      'two signatures',
      (text: string) => `${text}, Signature=00`,
      "Authorization header has more than one 'Signature' parameter.",
    ],
    [
      'a credential of four parts',
      (text: string) => text.replace('/sqs', ''),
      'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.',
    ],
    [
      'a credential of six parts',
      (text: string) => text.replace('/sqs', '/sqs/sqs'),
      'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.',
    ],
    [
      'a signed header that was not sent',
      (text: string) => text.replace('SignedHeaders=', 'SignedHeaders=x-absent;'),
      "The request has no header 'x-absent', which its signature names.",
    ],
  ])('is refused with %s', async (_, change, text) => {
    expect(await refusal(withAuthorization(await signRequest(JSON_REQUEST), change))).toEqual(incomplete(text))
  })

  it('is refused with two Authorization headers', async () => {
    const request = await signRequest(JSON_REQUEST)
    const authorization = headerOf(request, 'authorization') as string
    const twice = { ...request, rawHeaders: [...request.rawHeaders, 'Authorization', authorization] }
    expect((await refusal(twice))[0]).toBe(400)
  })

  it('is refused with a date that is none', async () => {
    const request = withHeaders(await signRequest(JSON_REQUEST), { 'x-amz-date': '201' })
    expect(await refusal(request)).toEqual(
      incomplete("Date must be in ISO-8601 'basic format'. Got '201'. See http://en.wikipedia.org/wiki/ISO_8601"),
    )
  })

  it('is refused in the header and the query string at once, even in parts', async () => {
    const request = await signRequest(JSON_REQUEST)
    const both = invalid("Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.")
    const { rawQuery } = await presignRequest({}, 60)
    expect(await refusal({ ...request, rawQuery })).toEqual(both)
    for (const name of ['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Signature', 'X-Amz-Signatur%65']) {
      expect(await refusal({ ...request, rawQuery: `${name}=` })).toEqual(both)
    }
  })
})

describe('the clock', () => {
  it('may be 15 minutes off and not a second more', async () => {
    const request = await signRequest(JSON_REQUEST)
    await expect(verify(request, minutesLater(15))).resolves.toBeDefined()
    await expect(verify(request, minutesLater(-15))).resolves.toBeDefined()
    expect(await refusal(request, { nowMs: SIGNED_AT_MS + 901_000 })).toEqual(
      invalid('Signature expired: 20260801T100000Z is now earlier than 20260801T100001Z (20260801T101501Z - 15 min.)'),
    )
    expect(await refusal(request, { nowMs: SIGNED_AT_MS - 901_000 })).toEqual(
      invalid(
        'Signature not yet current: 20260801T100000Z is still later than 20260801T095959Z (20260801T094459Z + 15 min.)',
      ),
    )
  })

  it('may be allowed to be further off', async () => {
    const request = await signRequest(JSON_REQUEST)
    await expect(verify(request, { ...minutesLater(60), clockSkewMinutesMax: 60 })).resolves.toBeDefined()
    expect((await refusal(request, { ...minutesLater(61), clockSkewMinutesMax: 60 }))[3]).toBe(
      'Signature expired: 20260801T100000Z is now earlier than 20260801T100100Z (20260801T110100Z - 60 min.)',
    )
  })
})

describe('what must be signed', () => {
  it.each(['x-amz-target', 'content-type', 'x-amz-date'])('includes %s when it is sent', async (name) => {
    const request = withAuthorization(await signRequest(JSON_REQUEST), (text) =>
      text.replace(`;${name}`, '').replace(`${name};`, ''),
    )
    expect(await refusal(request)).toEqual(invalid(`'${name}' must be a 'SignedHeader' in the AWS Authorization.`))
  })

  it('includes the host', async () => {
    const request = withAuthorization(await signRequest(JSON_REQUEST), (text) => text.replace(';host', ''))
    expect(await refusal(request)).toEqual(
      invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."),
    )
  })

  it.each(['X-Amz-Target', 'Content-Type', 'X-Amz-Anything'])(
    'includes a header %s that somebody adds to a signed request, or to a presigned URL',
    async (name) => {
      const form = await signRequest({ body: 'Action=ListQueues' })
      const presigned = await presignRequest({ method: 'GET', query: { Action: 'ListQueues' } }, 60)
      for (const request of [form, presigned]) {
        await expect(verify(request)).resolves.toBeDefined()
        const rawHeaders = [...request.rawHeaders, name, 'AmazonSQS.PurgeQueue']
        expect(await refusal({ ...request, rawHeaders })).toEqual(
          invalid(`'${name.toLowerCase()}' must be a 'SignedHeader' in the AWS Authorization.`),
        )
      }
    },
  )

  it('includes the second value of a header sent twice', async () => {
    const request = await signRequest(JSON_REQUEST)
    const rawHeaders = [...request.rawHeaders, 'X-Amz-Target', 'AmazonSQS.PurgeQueue']
    expect(await refusal({ ...request, rawHeaders })).toEqual(MISMATCH)
  })

  it('excludes the content type only where that is allowed and the target is signed', async () => {
    const { 'content-type': contentType, ...headers } = JSON_REQUEST.headers
    const json = withHeaders(await signRequest({ ...JSON_REQUEST, headers }), { 'content-type': contentType })
    const form = withHeaders(await signRequest({ body: 'Action=ListQueues' }), { 'content-type': contentType })
    const refused = invalid("'content-type' must be a 'SignedHeader' in the AWS Authorization.")
    expect(await refusal(json)).toEqual(refused)
    await expect(verify(json, { unsignedContentTypeAllowed: true })).resolves.toBeDefined()
    expect(await refusal(form, { unsignedContentTypeAllowed: true })).toEqual(refused)
  })

  it('is the body, even when its hash is sent along', async () => {
    const headers = { ...JSON_REQUEST.headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }
    expect(await refusal(await signRequest({ ...JSON_REQUEST, headers }))).toEqual(MISMATCH)
  })
})

describe('the scope', () => {
  it('may be of any region unless one is given', async () => {
    const request = await signRequest(JSON_REQUEST, { region: 'elasticmq' })
    expect(await verify(request)).toMatchObject({ region: 'elasticmq' })
    expect(await refusal(request, { region: 'eu-west-1' })).toEqual(
      invalid('Credential should be scoped to a valid region.'),
    )
    const odd = await signRequest(JSON_REQUEST, { region: 'eu:west:1' })
    expect(await refusal(odd)).toEqual(invalid('Credential should be scoped to a valid region.'))
  })

  it('must be of the service, and all that is wrong with it is said at once', async () => {
    const request = await signRequest(JSON_REQUEST, { service: 'sns' })
    expect(await refusal(request)).toEqual(invalid("Credential should be scoped to correct service: 'sqs'."))
    expect(await refusal(request, { region: 'us-east-1' })).toEqual(
      invalid("Credential should be scoped to a valid region. Credential should be scoped to correct service: 'sqs'."),
    )
  })

  it('must be of the day of the date, and end as it should', async () => {
    const request = await signRequest(JSON_REQUEST)
    const otherDay = withAuthorization(request, (text) => text.replace('/20260801/', '/20260731/'))
    expect(await refusal(otherDay)).toEqual(
      invalid('Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.'),
    )
    const otherEnd = withAuthorization(request, (text) => text.replace('aws4_request', 'aws5_request'))
    expect(await refusal(otherEnd)).toEqual(
      invalid("Credential should be scoped with a valid terminator: 'aws4_request'."),
    )
  })
})

describe('the key', () => {
  it('must be known', async () => {
    expect(await refusal(await signRequest(JSON_REQUEST, { accessKeyId: 'AKIDUNKNOWN' }))).toEqual(UNKNOWN_KEY)
  })

  it.each(['a\u0000b', 'a b', 'é', 'x'.repeat(129)])(
    'is not looked up as %j, which no key is called',
    async (accessKeyId) => {
      const request = await presignRequest({}, 60, { accessKeyId })
      const findNothing = () => {
        throw new Error('looked up')
      }
      expect(await refusal(request, { findSecret: findNothing })).toEqual(UNKNOWN_KEY)
    },
  )

  it('has no session token', async () => {
    const options = { sessionToken: 'token' }
    expect(await refusal(await signRequest(JSON_REQUEST, options))).toEqual(UNKNOWN_KEY)
    expect(await refusal(await presignRequest({}, 60, options))).toEqual(UNKNOWN_KEY)
  })

  it('must be of the secret that signed', async () => {
    expect(await refusal(await signRequest(JSON_REQUEST, { secret: 'wrong' }))).toEqual(MISMATCH)
  })
})
