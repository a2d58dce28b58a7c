import { presignedIncomplete, presignedRepeats, unsupportedAlgorithm } from '../errors/signature-error-texts.ts'
import type { CanonicalPair } from './canonical-query.ts'
import { ALGORITHM, type SignatureParts } from './signature-parts.ts'

/** The parameter that a presigned URL has and its canonical request has not. */
export const SIGNATURE_PARAMETER = 'X-Amz-Signature'

/** Any of these makes a URL a presigned one. */
const MARKS: ReadonlySet<string> = new Set(['X-Amz-Algorithm', 'X-Amz-Credential', SIGNATURE_PARAMETER])

const REQUIRED = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  SIGNATURE_PARAMETER,
  'X-Amz-SignedHeaders',
  'X-Amz-Date',
  'X-Amz-Expires',
] as const

const PARAMETERS: ReadonlySet<string> = new Set(REQUIRED)

/** Whether a query string carries a signature, or a part of one. */
export function isPresigned(pairs: readonly CanonicalPair[]): boolean {
  return pairs.some(({ name }) => MARKS.has(name))
}

/** Reads the signature of a presigned URL. @throws SqsError `IncompleteSignatureException` */
export function readPresignedQuery(pairs: readonly CanonicalPair[]): SignatureParts {
  const found = new Map<string, string>()
  for (const { name, value } of pairs) {
    if (!PARAMETERS.has(name)) continue
    if (found.has(name)) throw presignedRepeats(name)
    found.set(name, decode(value))
  }
  const missing = REQUIRED.filter((name) => !found.get(name))
  if (missing.length > 0) throw presignedIncomplete(missing)
  const [algorithm, credential, signature, signedHeaders, date, expiresSeconds] = REQUIRED.map((name) =>
    found.get(name),
  ) as [string, string, string, string, string, string]
  if (algorithm !== ALGORITHM) throw unsupportedAlgorithm(algorithm)
  return { credential, signature, signedHeaders, date, expiresSeconds }
}

/** What is not UTF-8 is left as it is; no legal value is like that, so it is refused further on. */
function decode(canonical: string): string {
  try {
    return decodeURIComponent(canonical)
  } catch {
    return canonical
  }
}
