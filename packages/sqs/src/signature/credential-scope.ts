import { credentialMalformed } from '../errors/signature-error-texts.ts'

/** What a signature says about the key that made it. */
export interface CredentialScope {
  readonly accessKeyId: string
  /** `yyyymmdd`. */
  readonly day: string
  readonly region: string
  readonly service: string
  /** Always `aws4_request`; checked with the rest of the scope. */
  readonly terminator: string
}

/** Reads `<key>/<yyyymmdd>/<region>/<service>/aws4_request`. @throws SqsError `IncompleteSignatureException` */
export function parseCredentialScope(credential: string): CredentialScope {
  const [accessKeyId, day, region, service, terminator, ...more] = credential.split('/')
  if (!accessKeyId || !day || !region || !service || !terminator || more.length > 0) throw credentialMalformed()
  return { accessKeyId, day, region, service, terminator }
}
