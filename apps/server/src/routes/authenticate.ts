import type { AccessKeys, Permission } from '@stanchion/identity'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { anybody, type Caller, holderOf } from '../http/caller.ts'
import { HttpProblem } from '../http/problem.ts'
import type { OperationSchema } from './route.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sent this request to REST. */
    caller: Caller
  }
  interface FastifyContextConfig {
    /** What the caller must be allowed; absent where nothing is asked. */
    readonly permission?: Permission
  }
}

/** What a caller must be allowed for each operation. */
export const REST_PERMISSIONS: Readonly<Record<string, Permission>> = {
  createQueue: 'manage',
  listQueues: 'list',
  getQueue: 'describe',
  updateQueue: 'manage',
  deleteQueue: 'manage',
  purgeQueue: 'manage',
  countMessages: 'describe',
  startMoveTask: 'manage',
  listMoveTasks: 'describe',
  getMoveTask: 'describe',
  cancelMoveTask: 'manage',
  sendMessage: 'send',
  sendMessages: 'send',
  receiveMessages: 'receive',
  deleteMessage: 'receive',
  extendLease: 'receive',
  releaseLease: 'receive',
  deleteMessages: 'receive',
  extendLeases: 'receive',
  releaseLeases: 'receive',
  createAccessKey: 'manageKeys',
  listAccessKeys: 'manageKeys',
  disableAccessKey: 'manageKeys',
  rotateAccessKey: 'manageKeys',
}

export interface RestAuthentication {
  /** Absent: everybody may do everything with the queues of `accountId`. */
  readonly keys: AccessKeys | undefined
  readonly accountId: string
}

/**
 * Makes every operation that is registered after it ask who sends it, and whether they may: the key as a bearer token,
 * `<id>.<secret>`. An operation without a permission of its own does not start the server.
 */
export function authenticateOperations(app: FastifyInstance, { keys, accountId }: RestAuthentication): void {
  const everybody = anybody(accountId)
  app.decorateRequest('caller')
  app.addHook('onRoute', (route) => {
    const operation = (route.schema as OperationSchema | undefined)?.operationId
    if (operation === undefined) return
    const permission = REST_PERMISSIONS[operation]
    if (permission === undefined) throw new Error(`the operation ${operation} has no permission`)
    route.config = { ...route.config, permission }
  })
  if (keys === undefined) {
    app.addHook('onRequest', (request, _reply, done) => {
      request.caller = everybody
      done()
    })
    return
  }
  app.addHook('onRequest', async (request) => {
    request.caller = await callerByToken(keys, request)
  })
  // After the validation, because one operation names its queue in the body.
  app.addHook('preHandler', async (request) => {
    const { permission } = request.routeOptions.config
    if (permission === undefined || request.caller.may(permission, queueNameOf(request))) return
    throw new HttpProblem('forbidden', 'The access key does not allow this.')
  })
}

/** @throws HttpProblem `unauthenticated`; IdentityError */
export async function callerByToken(keys: AccessKeys, { headers }: FastifyRequest): Promise<Caller> {
  const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(headers.authorization ?? '')?.[1]
  const key = token === undefined ? undefined : await keys.findByToken(token)
  if (key === undefined) {
    throw new HttpProblem('unauthenticated', 'Send an access key that works: "Authorization: Bearer <id>.<secret>".')
  }
  keys.used(key.id)
  return holderOf(key)
}

function queueNameOf({ params, body }: FastifyRequest): string | undefined {
  const { queue } = (params ?? {}) as { queue?: string }
  const { name } = (body ?? {}) as { name?: unknown }
  return queue ?? (typeof name === 'string' ? name : undefined)
}
