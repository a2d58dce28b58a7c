import { type AccessKeys, IdentityError } from '@stanchion/identity'
import { SigningKeys, SqsError, type VerifiedRequest, verifySignature } from '@stanchion/sqs'
import type { FastifyRequest } from 'fastify'
import { type Caller, holderOf } from '../http/caller.ts'

/** A request whose sender is known. */
export interface AuthenticatedRequest {
  readonly caller: Caller
  /** The path that was signed; it may differ from the one sent, see {@link VerifiedRequest}. */
  readonly path: string
}

/** Finds out who sent a request. @throws SqsError when it is not validly signed by a key that works (G34) */
export type Authenticate = (request: FastifyRequest) => Promise<AuthenticatedRequest>

const SERVICE = 'sqs'
const NO_BYTES = new Uint8Array(0)

/** Verifies signatures with the secrets of these keys. Any region will do: clients of other servers have regions of their own. */
export function createAuthenticate(keys: AccessKeys): Authenticate {
  const signingKeys = new SigningKeys()
  return async (request) => {
    const [rawPath = '', rawQuery = ''] = splitTarget(request.raw.url ?? '')
    let holder: Caller | undefined
    const verified: VerifiedRequest = await verifySignature(
      {
        method: request.method,
        rawPath,
        rawQuery,
        rawHeaders: request.raw.rawHeaders,
        body: (request.body as Uint8Array | undefined) ?? NO_BYTES,
      },
      {
        nowMs: Date.now(),
        service: SERVICE,
        signingKeys,
        // Such a request is JSON whatever its content type says (`isJsonRequest`), so nothing is decided by what is unsigned.
        unsignedContentTypeAllowed: true,
        findSecret: async (id) => {
          const found = await findKey(keys, id)
          if (found !== undefined) holder = holderOf(found.key)
          return found?.secret
        },
      },
    )
    if (holder === undefined) throw new Error('a signature was verified without a key')
    keys.used(verified.accessKeyId)
    return { caller: holder, path: verified.path }
  }
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
