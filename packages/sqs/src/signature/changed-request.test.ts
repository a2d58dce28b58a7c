import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseQueryPairs } from '../codecs/query-pairs.ts'
import { SqsError } from '../errors/sqs-error.ts'
import type { VerifiedRequest } from './check-signature.ts'
import {
  ACCESS_KEY_ID,
  presignRequest,
  type RequestToSign,
  RULES,
  SECRET,
  signRequest,
} from './sign-request.fixture.ts'
import type { SignedRequest } from './signed-request.ts'
import { SigningKeys } from './signing-keys.ts'
import { verifySignature } from './verify-signature.fixture.ts'

/** Of one key only: the id of a key is no part of what is signed. */
const findSecret = (accessKeyId: string) => (accessKeyId === ACCESS_KEY_ID ? SECRET : undefined)

/** @returns `undefined` when it is refused; anything but an `SqsError` is thrown on */
async function verify(request: SignedRequest): Promise<VerifiedRequest | undefined> {
  try {
    return await verifySignature(request, { ...RULES, findSecret, signingKeys: new SigningKeys() })
  } catch (error) {
    if (error instanceof SqsError) return undefined
    throw error
  }
}

const headerValue = fc.stringMatching(/^[!-~]+( [!-~]+)?$/)
const text = fc.string({ unit: 'binary', maxLength: 20 }).filter((value) => value.isWellFormed())

const requestToSign: fc.Arbitrary<RequestToSign> = fc.record({
  method: fc.constantFrom('GET', 'POST'),
  path: fc.stringMatching(/^\/\d{12}\/[A-Za-z0-9_-]{1,20}$/),
  query: fc.dictionary(fc.stringMatching(/^[A-Za-z.0-9]{1,8}$/), text, { maxKeys: 3, noNullPrototype: true }),
  headers: fc.record({ 'content-type': headerValue, 'x-amz-target': headerValue, 'x-other': headerValue }),
  body: fc.uint8Array({ minLength: 1, maxLength: 200 }),
})

/** Another byte in one place; both numbers are taken modulo what there is. */
const change = fc.record({ position: fc.nat(), by: fc.integer({ min: 1, max: 254 }) })
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never

function changeText(value: string, { position, by }: Change): string {
  const at = position % value.length
  // Printable, as anything else does not come through an HTTP parser.
  const code = 33 + ((value.charCodeAt(at) - 33 + (by % 93) + 1 + 94) % 94)
  const changed = `${value.slice(0, at)}${String.fromCharCode(code)}${value.slice(at + 1)}`
  return changed === value ? `${value}x` : changed
}

function changeBytes(bytes: Uint8Array, { position, by }: Change): Uint8Array {
  const changed = Uint8Array.from(bytes)
  const at = position % changed.length
  changed[at] = ((changed[at] as number) + by) % 256
  return changed
}

function changeHeader(request: SignedRequest, name: string, by: Change): SignedRequest {
  const rawHeaders = [...request.rawHeaders]
  const at = rawHeaders.findIndex((header, index) => index % 2 === 0 && header.toLowerCase() === name)
  rawHeaders[at + 1] = changeText(rawHeaders[at + 1] as string, by)
  return { ...request, rawHeaders }
}

/** The part of the Authorization header or of the query string that begins with `name=`. */
function changePart(whole: string, name: string, by: Change): string {
  const start = whole.indexOf(`${name}=`) + name.length + 1
  const rest = whole.slice(start).search(/[,&]|$/)
  const part = whole.slice(start, start + rest)
  return `${whole.slice(0, start)}${changeText(part, by)}${whole.slice(start + rest)}`
}

const pairsOf = (query: string) => [...parseQueryPairs(query)].sort()

describe('a signed request in which one byte was changed (G34)', () => {
  const signed = requestToSign.map((request) => () => signRequest(request))
  const runs = { numRuns: 150 }

  it('was accepted before', async () => {
    await fc.assert(
      fc.asyncProperty(signed, async (sign) => expect(await verify(await sign())).toBeDefined()),
      runs,
    )
  })

  it('is refused when it is in the body', async () => {
    await fc.assert(
      fc.asyncProperty(signed, change, async (sign, by) => {
        const request = await sign()
        expect(await verify({ ...request, body: changeBytes(request.body, by) })).toBeUndefined()
      }),
      runs,
    )
  })

  it('is refused when it is in the path', async () => {
    await fc.assert(
      fc.asyncProperty(signed, change, async (sign, by) => {
        const request = await sign()
        expect(await verify({ ...request, rawPath: changeText(request.rawPath, by) })).toBeUndefined()
      }),
      runs,
    )
  })

  it.each(['host', 'content-type', 'x-amz-target', 'x-amz-date', 'x-other'])(
    'is refused when it is in the header %s',
    async (name) => {
      await fc.assert(
        fc.asyncProperty(signed, change, async (sign, by) => {
          expect(await verify(changeHeader(await sign(), name, by))).toBeUndefined()
        }),
        runs,
      )
    },
  )

  it.each(['Credential', 'Signature'])('is refused when it is in the %s', async (part) => {
    await fc.assert(
      fc.asyncProperty(signed, change, async (sign, by) => {
        const request = await sign()
        const rawHeaders = request.rawHeaders.map((value) =>
          value.startsWith('AWS4-HMAC-SHA256') ? changePart(value, part, by) : value,
        )
        expect(await verify({ ...request, rawHeaders })).toBeUndefined()
      }),
      runs,
    )
  })

  it('is refused when it is the method', async () => {
    await fc.assert(
      fc.asyncProperty(signed, async (sign) => {
        const request = await sign()
        expect(await verify({ ...request, method: request.method === 'GET' ? 'POST' : 'GET' })).toBeUndefined()
      }),
      runs,
    )
  })

  it('is refused when it is in the query string, unless it spells the same parameters', async () => {
    await fc.assert(
      fc.asyncProperty(signed, change, async (sign, by) => {
        const request = await sign()
        fc.pre(request.rawQuery !== '')
        const rawQuery = changeText(request.rawQuery, by)
        if ((await verify({ ...request, rawQuery })) !== undefined) {
          expect(pairsOf(rawQuery)).toEqual(pairsOf(request.rawQuery))
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('a presigned URL in which one byte was changed (G34)', () => {
  const presigned = requestToSign.map((request) => () => presignRequest({ ...request, body: new Uint8Array() }, 60))

  it('is refused, unless it spells the same parameters', async () => {
    await fc.assert(
      fc.asyncProperty(presigned, change, async (sign, by) => {
        const request = await sign()
        expect(await verify(request)).toBeDefined()
        const rawQuery = changeText(request.rawQuery, by)
        if ((await verify({ ...request, rawQuery })) !== undefined) {
          expect(pairsOf(rawQuery)).toEqual(pairsOf(request.rawQuery))
        }
      }),
      { numRuns: 500 },
    )
  })

  it.each(['X-Amz-Date', 'X-Amz-Expires', 'X-Amz-SignedHeaders', 'X-Amz-Signature', 'Credential'])(
    'is refused when it is in the %s',
    async (name) => {
      await fc.assert(
        fc.asyncProperty(presigned, change, async (sign, by) => {
          const request = await sign()
          const rawQuery = changePart(request.rawQuery, name, by)
          fc.pre(JSON.stringify(pairsOrNone(rawQuery)) !== JSON.stringify(pairsOf(request.rawQuery)))
          expect(await verify({ ...request, rawQuery })).toBeUndefined()
        }),
        { numRuns: 100 },
      )
    },
  )
})

function pairsOrNone(query: string) {
  try {
    return pairsOf(query)
  } catch {
    return undefined
  }
}

it('is answered with an error of SQS, whatever a request holds', async () => {
  const bytes = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) })
  const name = fc.constantFrom('Host', 'X-Amz-Date', 'Date', 'Authorization', 'X-Amz-Target', 'x')
  const value = fc.oneof(
    bytes,
    fc.constantFrom('20260801T100000Z', 'host', 'AWS4-HMAC-SHA256 Credential=a/b/c/d/e,Signature=,'),
  )
  const parameter = fc.constantFrom(
    'X-Amz-Algorithm',
    'X-Amz-Credential',
    'X-Amz-Signature',
    'X-Amz-Date',
    'X-Amz-Expires',
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(name, value)),
      fc.array(fc.tuple(parameter, bytes)),
      bytes,
      async (headers, pairs, rawPath) => {
        const rawQuery = pairs.map((pair) => pair.join('=')).join('&')
        const request = { method: 'POST', rawPath, rawQuery, rawHeaders: headers.flat(), body: new Uint8Array() }
        expect(await verify(request)).toBeUndefined()
      },
    ),
    { numRuns: 1_000 },
  )
})
