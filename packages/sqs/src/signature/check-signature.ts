import { hash, timingSafeEqual } from 'node:crypto'
import { signatureDoesNotMatch, unrecognizedClient } from '../errors/signature-error-texts.ts'
import { canonicalPaths } from './canonical-path.ts'
import { writeCanonicalQuery } from './canonical-query.ts'
import type { HmacKey } from './hmac-key.ts'
import type { ParsedSignature } from './parse-signature.ts'
import { SIGNATURE_PARAMETER } from './read-presigned-query.ts'
import { ALGORITHM } from './signature-parts.ts'
import type { SigningKeys } from './signing-keys.ts'

/** A request of which is known who made it. */
export interface VerifiedRequest {
  readonly accessKeyId: string
  readonly region: string
  /**
   * The path that was signed, still percent-encoded. Route by this one: it differs from the one sent when the client signed
   * it without its `//`, `.` or `..`, and then the one sent may be somebody else's.
   */
  readonly path: string
}

/**
 * The second half of a verification.
 * @param secret that of `signature.accessKeyId`; `undefined` when there is no such key
 * @throws SqsError `UnrecognizedClientException` or `InvalidSignatureException`
 */
export function checkSignature(
  signature: ParsedSignature,
  secret: string | undefined,
  keys: SigningKeys,
): VerifiedRequest {
  if (secret === undefined) throw unrecognizedClient()
  const { accessKeyId, region, request, headers, parts, scope } = signature
  const payloadHash = hash('sha256', request.body, 'hex')
  const statedHash = headers.get('x-amz-content-sha256')
  if (statedHash !== undefined && statedHash !== payloadHash) throw signatureDoesNotMatch()

  const key = keys.keyFor(parts.credential, scope, secret)
  const given = Buffer.from(parts.signature, 'latin1')
  const afterPath = textAfterPath(signature, payloadHash)
  for (const { signed, path } of canonicalPaths(request.rawPath)) {
    const expected = Buffer.from(sign(key, signature, `${request.method}\n${signed}\n${afterPath}`), 'latin1')
    if (expected.length === given.length && timingSafeEqual(expected, given)) {
      keys.keep(parts.credential, secret, key)
      return { accessKeyId, region, path }
    }
  }
  throw signatureDoesNotMatch()
}

/** The canonical request from the query string on. */
function textAfterPath({ headers, pairs, parts, signedHeaders }: ParsedSignature, payloadHash: string): string {
  const signedPairs =
    parts.expiresSeconds === undefined ? pairs : pairs.filter(({ name }) => name !== SIGNATURE_PARAMETER)
  let text = `${writeCanonicalQuery(signedPairs)}\n`
  for (const name of signedHeaders) text += `${name}:${headers.get(name)}\n`
  return `${text}\n${signedHeaders.join(';')}\n${payloadHash}`
}

function sign(key: HmacKey, { parts, scope }: ParsedSignature, canonicalRequest: string): string {
  const scopeText = parts.credential.slice(scope.accessKeyId.length + 1)
  const requestHash = hash('sha256', Buffer.from(canonicalRequest, 'latin1'), 'hex')
  return key.sign(`${ALGORITHM}\n${parts.date}\n${scopeText}\n${requestHash}`)
}
