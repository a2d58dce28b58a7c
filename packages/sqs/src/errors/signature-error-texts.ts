import { permissionOf } from '../policy/permission-actions.ts'
import { formatAmzDate } from '../signature/amz-date.ts'
import { echo } from './echo.ts'
import { SqsError } from './sqs-error.ts'

/** No credentials at all. SQS answers as if the caller had no right, and not with the framework's own error. */
export function accessToResourceDenied(host: string, rawPath: string): SqsError {
  const resource = `https://${echo(host)}${echo(rawPath === '' ? '/' : rawPath)}`
  return new SqsError('AccessDeniedException', `Access to the resource ${resource} is denied.`)
}

/** Why somebody may not do something, as the end of the sentence. */
const DENIALS = {
  noIdentityPolicy: (right: string) => `because no identity-based policy allows the ${right} action`,
  noResourcePolicy: (right: string) => `because no resource-based policy allows the ${right} action`,
  explicitDeny: () => 'with an explicit deny in a resource-based policy',
} as const

/**
 * Somebody who is known asks for what they may not do.
 * @param principal their ARN
 * @param action its name; the entries of a batch need the right of the single action
 */
export function notAuthorized(
  principal: string,
  action: string,
  resource: string,
  denial: keyof typeof DENIALS,
): SqsError {
  const right = `sqs:${permissionOf(action).toLowerCase()}`
  return new SqsError(
    'AccessDeniedException',
    `User: ${principal} is not authorized to perform: ${right} on resource: ${resource} ${DENIALS[denial](right)}`,
  )
}

/** An unknown key id, or a session token that is not ours. */
export function unrecognizedClient(): SqsError {
  return new SqsError('UnrecognizedClientException', 'The security token included in the request is invalid.')
}

/** A wrong secret, or a request that was changed. Which of them is for nobody to know. */
export function signatureDoesNotMatch(): SqsError {
  return invalidSignature(
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and ' +
      'signing method. Consult the service documentation for details.',
  )
}

export function signatureExpired(date: string, earliestMs: number, nowMs: number, minutes: number): SqsError {
  const earliest = formatAmzDate(earliestMs)
  return invalidSignature(
    `Signature expired: ${date} is now earlier than ${earliest} (${formatAmzDate(nowMs)} - ${minutes} min.)`,
  )
}

export function signatureNotYetCurrent(date: string, latestMs: number, nowMs: number, minutes: number): SqsError {
  const latest = formatAmzDate(latestMs)
  return invalidSignature(
    `Signature not yet current: ${date} is still later than ${latest} (${formatAmzDate(nowMs)} + ${minutes} min.)`,
  )
}

/** A presigned URL over its time. */
export function requestExpired(): SqsError {
  return new SqsError('RequestExpired', 'Request has expired.')
}

/** @param faults sentences; AWS says all of them at once */
export function scopeMismatch(faults: readonly string[]): SqsError {
  return invalidSignature(faults.join(' '))
}

export function headerAndQuerySignature(): SqsError {
  return invalidSignature("Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.")
}

/** @param what the name of the header in quotes, or two names */
export function headerNotSigned(what: string): SqsError {
  return invalidSignature(`${echo(what)} must be a 'SignedHeader' in the AWS Authorization.`)
}

/** Signature Version 2 or older, which AWS no longer takes either. */
export function oldSignatureVersion(): SqsError {
  return new SqsError('InvalidSecurity', 'The request was not made over HTTPS or did not use SigV4 for signing.')
}

export function authorizationIncomplete(missing: readonly string[], hasDate: boolean): SqsError {
  const sentences = missing.map((name) => `Authorization header requires '${name}' parameter.`)
  if (!hasDate) {
    sentences.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
  }
  return incompleteSignature(sentences.join(' '))
}

export function authorizationPairMalformed(): SqsError {
  return incompleteSignature('Invalid key=value pair (missing equal-sign) in Authorization header.')
}

export function authorizationRepeats(name: string): SqsError {
  return incompleteSignature(`Authorization header has more than one '${echo(name)}' parameter.`)
}

export function presignedIncomplete(missing: readonly string[]): SqsError {
  const sentences = missing.map((name) => `AWS query-string parameters must include '${name}'.`)
  return incompleteSignature([...sentences, 'Re-examine the query-string parameters.'].join(' '))
}

export function presignedRepeats(name: string): SqsError {
  return incompleteSignature(`AWS query-string parameters include '${name}' more than once.`)
}

export function expiresMalformed(): SqsError {
  return incompleteSignature("'X-Amz-Expires' must be a number of seconds between 1 and 604800.")
}

export function unsupportedAlgorithm(algorithm: string): SqsError {
  return incompleteSignature(`Unsupported AWS 'algorithm': '${echo(algorithm)}' (only AWS4-HMAC-SHA256 for now).`)
}

/** AWS repeats the credential here. We do not: who swaps key id and secret has a secret with slashes in this place. */
export function credentialMalformed(): SqsError {
  return incompleteSignature(
    'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.',
  )
}

export function amzDateMalformed(date: string): SqsError {
  return incompleteSignature(
    `Date must be in ISO-8601 'basic format'. Got '${echo(date)}'. See http://en.wikipedia.org/wiki/ISO_8601`,
  )
}

export function signedHeaderAbsent(name: string): SqsError {
  return incompleteSignature(`The request has no header '${echo(name)}', which its signature names.`)
}

function invalidSignature(message: string): SqsError {
  return new SqsError('InvalidSignatureException', message)
}

function incompleteSignature(message: string): SqsError {
  return new SqsError('IncompleteSignatureException', message)
}
