import {
  authorizationIncomplete,
  authorizationPairMalformed,
  authorizationRepeats,
  oldSignatureVersion,
  unsupportedAlgorithm,
} from '../errors/signature-error-texts.ts'
import { amzDateOfDateHeader } from './amz-date.ts'
import type { RequestHeaders } from './request-headers.ts'
import { ALGORITHM, type SignatureParts } from './signature-parts.ts'

/**
 * Reads a signature from the header `Authorization`. What another scheme put there is never repeated in an error: it may be a
 * password or a token.
 * @throws SqsError `IncompleteSignatureException` or `InvalidSecurity`
 */
export function readAuthorization(authorization: string, headers: RequestHeaders): SignatureParts {
  const schemeEnd = authorization.search(/\s|$/)
  const scheme = authorization.slice(0, schemeEnd)
  if (scheme === 'AWS') throw oldSignatureVersion()
  if (scheme.startsWith('AWS4-') && scheme !== ALGORITHM) throw unsupportedAlgorithm(scheme)

  const parameters = scheme === ALGORITHM ? readParameters(authorization.slice(schemeEnd)) : new Map<string, string>()
  const credential = parameters.get('Credential')
  const signature = parameters.get('Signature')
  const signedHeaders = parameters.get('SignedHeaders')
  const amzDate = headers.get('x-amz-date')
  const date = amzDate ?? headers.get('date')
  if (!credential || !signature || !signedHeaders || !date) {
    const parts = { Credential: credential, Signature: signature, SignedHeaders: signedHeaders }
    const missing = Object.entries(parts).filter(([, value]) => !value)
    throw authorizationIncomplete(
      missing.map(([name]) => name),
      Boolean(date),
    )
  }
  return amzDate === undefined
    ? { credential, signature, signedHeaders, date: amzDateOfDateHeader(date), dateHeader: 'date' }
    : { credential, signature, signedHeaders, date, dateHeader: 'x-amz-date' }
}

function readParameters(list: string): Map<string, string> {
  const parameters = new Map<string, string>()
  for (const item of list.split(',')) {
    const pair = item.trim()
    if (pair === '') continue
    const equals = pair.indexOf('=')
    if (equals < 0) throw authorizationPairMalformed()
    const name = pair.slice(0, equals)
    // Two signatures in one header: whoever reads the first and whoever reads the last would not agree.
    if (parameters.has(name)) throw authorizationRepeats(name)
    parameters.set(name, pair.slice(equals + 1))
  }
  return parameters
}
