import {
  accessToResourceDenied,
  amzDateMalformed,
  expiresMalformed,
  headerAndQuerySignature,
  headerNotSigned,
  oldSignatureVersion,
  requestExpired,
  scopeMismatch,
  signatureExpired,
  signatureNotYetCurrent,
  signedHeaderAbsent,
  unrecognizedClient,
} from '../errors/signature-error-texts.ts'
import { parseAmzDate } from './amz-date.ts'
import { type CanonicalPair, readCanonicalPairs } from './canonical-query.ts'
import { type CredentialScope, parseCredentialScope } from './credential-scope.ts'
import { readAuthorization } from './read-authorization.ts'
import { isPresigned, readPresignedQuery } from './read-presigned-query.ts'
import { type RequestHeaders, readHeaders } from './request-headers.ts'
import type { SignatureParts } from './signature-parts.ts'
import type { SignedRequest } from './signed-request.ts'

/** How far the clocks of client and server may differ. */
export const CLOCK_SKEW_MINUTES_MAX = 15

/** How long a presigned URL may be valid: a week. */
export const PRESIGNED_SECONDS_MAX = 604_800

/** Wider than AWS, where clients of other servers have regions of their own. Anything else has no place in an ARN. */
const REGION = /^[\w-]{1,64}$/

/** What a key id can be at all: what is looked up in a database must be text that a database takes. */
const KEY_ID = /^[!-~]{1,128}$/

/** What a signature must be made for. */
export interface SignatureRules {
  readonly nowMs: number
  readonly service: string
  /** Absent: any region will do. */
  readonly region?: string
  readonly clockSkewMinutesMax?: number
  /**
   * Lets `Content-Type` go unsigned in a request whose `X-Amz-Target` is signed, as the SDK for PHP sends it. Right only where
   * such a request is JSON whatever its content type says.
   */
  readonly unsignedContentTypeAllowed?: boolean
}

/** A signature that is well formed, of this time and for this service. Whether it is right needs the key's secret. */
export interface ParsedSignature {
  /** Whose secret `checkSignature` needs. */
  readonly accessKeyId: string
  readonly region: string
  /** What follows is for `checkSignature`. */
  readonly request: SignedRequest
  readonly headers: RequestHeaders
  readonly pairs: readonly CanonicalPair[]
  readonly parts: SignatureParts
  readonly scope: CredentialScope
  /** Sorted, in lower case. */
  readonly signedHeaders: readonly string[]
}

/**
 * The first half of a verification: everything that can be said without the key. The checks are in the order in which AWS
 * answers them: form, date, signed headers, scope.
 * @throws SqsError
 */
export function parseSignature(request: SignedRequest, rules: SignatureRules): ParsedSignature {
  const headers = readHeaders(request.rawHeaders)
  const pairs = readCanonicalPairs(request.rawQuery)
  const parts = readParts(request, headers, pairs)
  const scope = parseCredentialScope(parts.credential)
  const signedHeaders = parts.signedHeaders.toLowerCase().split(';').sort()
  for (const name of signedHeaders) if (!headers.has(name)) throw signedHeaderAbsent(name)

  checkTime(parts, rules)
  checkSignedHeaders(signedHeaders, headers, parts, rules)
  checkScope(scope, parts, rules)
  // We issue no temporary credentials, so every session token is a wrong one.
  const hasToken = headers.has('x-amz-security-token') || pairs.some(({ name }) => name === 'X-Amz-Security-Token')
  if (hasToken || !KEY_ID.test(scope.accessKeyId)) throw unrecognizedClient()
  return { accessKeyId: scope.accessKeyId, region: scope.region, request, headers, pairs, parts, scope, signedHeaders }
}

function readParts(
  { rawPath }: SignedRequest,
  headers: RequestHeaders,
  pairs: readonly CanonicalPair[],
): SignatureParts {
  const authorization = headers.get('authorization')
  const presigned = isPresigned(pairs)
  if (authorization !== undefined) {
    if (presigned) throw headerAndQuerySignature()
    return readAuthorization(authorization, headers)
  }
  if (presigned) return readPresignedQuery(pairs)
  if (pairs.some(({ name }) => name === 'AWSAccessKeyId')) throw oldSignatureVersion()
  throw accessToResourceDenied(headers.get('host') ?? '', rawPath)
}

function checkTime({ date, expiresSeconds }: SignatureParts, rules: SignatureRules): void {
  const dateMs = parseAmzDate(date)
  if (dateMs === undefined) throw amzDateMalformed(date)
  // Whole seconds, like the dates: the texts show nothing finer.
  const nowMs = Math.floor(rules.nowMs / 1_000) * 1_000
  const minutes = rules.clockSkewMinutesMax ?? CLOCK_SKEW_MINUTES_MAX
  const earliestMs = nowMs - minutes * 60_000
  const latestMs = nowMs + minutes * 60_000
  if (expiresSeconds !== undefined) {
    if (!/^\d{1,6}$/.test(expiresSeconds)) throw expiresMalformed()
    const validSeconds = Number(expiresSeconds)
    if (validSeconds < 1 || validSeconds > PRESIGNED_SECONDS_MAX) throw expiresMalformed()
    if (nowMs > dateMs + validSeconds * 1_000) throw requestExpired()
  } else if (dateMs < earliestMs) {
    throw signatureExpired(date, earliestMs, nowMs, minutes)
  }
  if (dateMs > latestMs) throw signatureNotYetCurrent(date, latestMs, nowMs, minutes)
}

/**
 * What decides over the meaning of a request must be signed. Else whoever sees a signed read could add another
 * `X-Amz-Target` and make it a purge.
 */
function checkSignedHeaders(
  signedHeaders: readonly string[],
  headers: RequestHeaders,
  { dateHeader }: SignatureParts,
  { unsignedContentTypeAllowed }: SignatureRules,
): void {
  if (!signedHeaders.includes('host')) throw headerNotSigned("'Host' or ':authority'")
  for (const name of headers.keys()) {
    const isRequired = name.startsWith('x-amz-') || name === 'content-type' || name === dateHeader
    if (!isRequired || signedHeaders.includes(name)) continue
    if (name === 'content-type' && unsignedContentTypeAllowed && signedHeaders.includes('x-amz-target')) continue
    throw headerNotSigned(`'${name}'`)
  }
}

function checkScope(scope: CredentialScope, { date }: SignatureParts, rules: SignatureRules): void {
  const faults: string[] = []
  if (!REGION.test(scope.region) || (rules.region !== undefined && scope.region !== rules.region)) {
    faults.push('Credential should be scoped to a valid region.')
  }
  if (scope.service !== rules.service) {
    faults.push(`Credential should be scoped to correct service: '${rules.service}'.`)
  }
  if (scope.terminator !== 'aws4_request') {
    faults.push("Credential should be scoped with a valid terminator: 'aws4_request'.")
  }
  if (scope.day !== date.slice(0, 8)) {
    faults.push('Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.')
  }
  if (faults.length > 0) throw scopeMismatch(faults)
}
