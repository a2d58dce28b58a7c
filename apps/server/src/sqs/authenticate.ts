import { type AccessKeys, IdentityError } from '@stanchion/identity'
import {
  checkSignature,
  parseSignature,
  type SignedRequest,
  SigningKeys,
  SqsError,
  unrecognizedClient,
} from '@stanchion/sqs'
import { type Caller, holderOf } from '../http/caller.ts'
import type { SqsRequest } from './sqs-request.ts'

/** A request whose sender is known. */
export interface AuthenticatedRequest {
  readonly caller: Caller
  /** The path that was signed; it may differ from the one sent, see {@link VerifiedRequest}. */
  readonly path: string
}

/** Finds out who sent a request. @throws SqsError when it is not validly signed by a key that works (G34) */
export type Authenticate = (request: SqsRequest) => Promise<AuthenticatedRequest>

const SERVICE = 'sqs'
const NO_BYTES = new Uint8Array(0)

/** Verifies signatures with the secrets of these keys. Any region will do: clients of other servers have regions of their own. */
export function createAuthenticate(keys: AccessKeys): Authenticate {
  const signingKeys = new SigningKeys()
  return async (request) => {
    const signature = parseSignature(toSignedRequest(request), {
      nowMs: Date.now(),
      service: SERVICE,
      // Such a request is JSON whatever its content type says (`isJsonRequest`), so nothing is decided by what is unsigned.
      unsignedContentTypeAllowed: true,
    })
    const found = await findKey(keys, signature.accessKeyId)
    if (found === undefined) throw unrecognizedClient()
    const { path } = checkSignature(signature, found.secret, signingKeys)
    keys.used(found.key.id)
    return { caller: holderOf(found.key), path }
  }
}

function toSignedRequest({ method, raw, body }: SqsRequest): SignedRequest {
  const [rawPath = '', rawQuery = ''] = splitTarget(raw.url ?? '')
  return { method, rawPath, rawQuery, rawHeaders: raw.rawHeaders, body: (body as Uint8Array | undefined) ?? NO_BYTES }
}

async function findKey(keys: AccessKeys, id: string) {
  try {
    return await keys.find(id)
  } catch (error) {
    if (error instanceof IdentityError && error.code === 'unavailable') {
      throw new SqsError('ServiceUnavailable', error.message, error)
    }
    throw error
  }
}

function splitTarget(target: string): [string, string] {
  const place = target.indexOf('?')
  return place < 0 ? [target, ''] : [target.slice(0, place), target.slice(place + 1)]
}
