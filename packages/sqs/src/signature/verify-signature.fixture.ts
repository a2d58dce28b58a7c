import { checkSignature, type VerifiedRequest } from './check-signature.ts'
import { parseSignature, type SignatureRules } from './parse-signature.ts'
import type { SignedRequest } from './signed-request.ts'
import type { SigningKeys } from './signing-keys.ts'

/** Where secrets come from, and where derived keys stay. */
export interface SignatureKeys {
  /** @returns `undefined` when there is no such key, or no longer */
  readonly findSecret: (accessKeyId: string) => string | undefined | Promise<string | undefined>
  readonly signingKeys: SigningKeys
}

/**
 * Both halves of a verification, as a server puts them together: no secret is looked up for a request that would be refused with
 * any.
 * @throws SqsError whatever is wrong with it
 */
export async function verifySignature(
  request: SignedRequest,
  { findSecret, signingKeys, ...rules }: SignatureKeys & SignatureRules,
): Promise<VerifiedRequest> {
  const signature = parseSignature(request, rules)
  return checkSignature(signature, await findSecret(signature.accessKeyId), signingKeys)
}
