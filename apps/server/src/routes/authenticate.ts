import type { AccessKeys, Permission } from '@stanchion/identity'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { checkAccess } from '../access/check-access.ts'
import type { Right } from '../access/move-rights.ts'
import { anybody, type Caller, holderOf } from '../http/caller.ts'
import { HttpProblem } from '../http/problem.ts'
import type { OperationSchema } from './route.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Asks for what an operation needs besides its own permission; throws HttpProblem `forbidden`. */
    requireRights(request: FastifyRequest, rights: readonly Right[]): Promise<void>
  }
  interface FastifyRequest {
    /** Who sent this request to REST. */
    caller: Caller
  }
  interface FastifyContextConfig {
    /** What the caller must be allowed; absent where nothing is asked. */
    readonly permission?: Permission
    /** What policies call it; absent where the operation is on no queue that is there. */
    readonly policyAction?: string
    /** Whether a key with a pattern is answered about the queues that this names. */
    readonly narrows?: boolean
  }
}

interface RestPermission {
  readonly permission: Permission
  readonly action?: string
  /** It concerns no single queue, and answers a key with a pattern about the queues that this names. */
  readonly narrows?: boolean
}

/** What a caller must be allowed for each operation, and the name of the action of SQS by which the policies of queues call it. */
export const REST_PERMISSIONS: Readonly<Record<string, RestPermission>> = {
  createQueue: { permission: 'manage' },
  listQueues: { permission: 'list' },
  getQueue: { permission: 'describe', action: 'GetQueueAttributes' },
  updateQueue: { permission: 'manage', action: 'SetQueueAttributes' },
  deleteQueue: { permission: 'manage', action: 'DeleteQueue' },
  purgeQueue: { permission: 'manage', action: 'PurgeQueue' },
  countMessages: { permission: 'describe', action: 'GetQueueAttributes' },
  getScaling: { permission: 'describe', action: 'GetQueueAttributes' },
  listDeadLetterSources: { permission: 'describe', action: 'ListDeadLetterSourceQueues' },
  startMoveTask: { permission: 'manage', action: 'StartMessageMoveTask' },
  listMoveTasks: { permission: 'describe', action: 'ListMessageMoveTasks' },
  getMoveTask: { permission: 'describe', action: 'ListMessageMoveTasks' },
  cancelMoveTask: { permission: 'manage', action: 'CancelMessageMoveTask' },
  sendMessage: { permission: 'send', action: 'SendMessage' },
  sendMessages: { permission: 'send', action: 'SendMessage' },
  receiveMessages: { permission: 'receive', action: 'ReceiveMessage' },
  peekMessages: { permission: 'peek', action: 'PeekMessage' },
  peekMessage: { permission: 'peek', action: 'PeekMessage' },
  deleteMessage: { permission: 'receive', action: 'DeleteMessage' },
  extendLease: { permission: 'receive', action: 'ChangeMessageVisibility' },
  releaseLease: { permission: 'receive', action: 'ChangeMessageVisibility' },
  deleteMessages: { permission: 'receive', action: 'DeleteMessage' },
  extendLeases: { permission: 'receive', action: 'ChangeMessageVisibility' },
  releaseLeases: { permission: 'receive', action: 'ChangeMessageVisibility' },
  listQueueStatistics: { permission: 'list' },
  getQueueStatistics: { permission: 'describe', action: 'GetQueueAttributes' },
  getQueueHistory: { permission: 'describe', action: 'GetQueueAttributes' },
  runDoctor: { permission: 'list', narrows: true },
  createAccessKey: { permission: 'manageKeys' },
  listAccessKeys: { permission: 'manageKeys' },
  disableAccessKey: { permission: 'manageKeys' },
  rotateAccessKey: { permission: 'manageKeys' },
}

/** About the caller alone, so whoever has a key that works may ask. */
const FOR_EVERY_KEY: ReadonlySet<string> = new Set(['whoami'])

export interface RestAuthentication {
  /** Absent: everybody may do everything with the queues of `accountId`. */
  readonly keys: AccessKeys | undefined
  readonly accountId: string
  /** Stands in the ARNs of queues. */
  readonly region: string
}

/**
 * Makes every operation that is registered after it ask who sends it, and whether they may: the key as a bearer token,
 * `<id>.<secret>`. An operation without a permission of its own does not start the server.
 */
export function authenticateOperations(app: FastifyInstance, { keys, accountId, region }: RestAuthentication): void {
  const everybody = anybody(accountId)
  app.decorateRequest('caller')
  app.decorate('requireRights', async (request: FastifyRequest, rights: readonly Right[]) => {
    const { caller } = request
    for (const right of rights) {
      if ((await checkAccess({ engine: app.engine, region }, { caller, request, ...right })) !== 'allowed')
        throw forbidden()
    }
  })
  app.addHook('onRoute', (route) => {
    const operation = (route.schema as OperationSchema | undefined)?.operationId
    if (operation === undefined) return
    if (FOR_EVERY_KEY.has(operation)) {
      route.schema = { ...route.schema, security: [{ accessKey: [] }, {}] } as OperationSchema
      return
    }
    const needed = REST_PERMISSIONS[operation]
    if (needed === undefined) throw new Error(`the operation ${operation} has no permission`)
    if (needed.action === undefined && route.url.includes('/:queue')) throw new Error(`no policy knows ${operation}`)
    const { permission, action: policyAction, narrows = false } = needed
    // Who asks for no access keys takes requests without one.
    route.schema = { ...route.schema, security: [{ accessKey: [] }, {}], ...{ 'x-permission': permission } }
    route.config = {
      ...route.config,
      permission,
      narrows,
      ...(policyAction === undefined ? undefined : { policyAction }),
    }
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
    const { permission, policyAction, narrows } = request.routeOptions.config
    if (permission === undefined) return
    const { caller } = request
    if (narrows === true && caller.hasRoleFor(permission)) return
    const name = queueNameOf(request)
    if (policyAction === undefined || name === undefined) {
      if (caller.may(permission, name)) return
    } else {
      const { tags } = (request.body ?? {}) as { tags?: Readonly<Record<string, string>> }
      const queue = { accountId: caller.accountId, name }
      const asked = { caller, queue, permission, action: policyAction, request, tags }
      if ((await checkAccess({ engine: app.engine, region }, asked)) === 'allowed') return
    }
    throw forbidden()
  })
}

function forbidden(): HttpProblem {
  return new HttpProblem('forbidden', 'The access key or the policy of a queue does not allow this.')
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
