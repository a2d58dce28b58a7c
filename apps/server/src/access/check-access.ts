import type { Permission } from '@stanchion/identity'
import { type Engine, type Queue, QueueError, type QueueKey } from '@stanchion/queue'
import {
  type AccessDecision,
  decideAccess,
  formatQueueArn,
  type Policy,
  parsePolicy,
  permissionOf,
} from '@stanchion/sqs'
import { type Caller, principalArn } from '../http/caller.ts'
import { policyOf } from '../sqs/queue-settings.ts'
import type { SqsRequest } from '../sqs/sqs-request.ts'
import { conditionKeysOf, type RequestTags } from './condition-keys.ts'

/** What somebody wants to do with a queue, which need not exist. */
export interface AccessRequest {
  readonly caller: Caller
  readonly queue: QueueKey
  readonly permission: Permission
  /** Its name in SQS, by which policies call it. */
  readonly action: string
  readonly request: SqsRequest
  /** Tags that the request brings or names. */
  readonly tags?: RequestTags | undefined
}

/** Where policies are found. */
export interface AccessContext {
  readonly engine: Engine
  readonly region: string
}

/** How long a node believes what it read about the policy of a queue, as it does with access keys. */
const BELIEVED_MS = 5_000

/**
 * Decides whether a request may be done. Where the caller's own key suffices and the queue has no policy, which is nearly always,
 * the answer is there at once, from this node's copy of the queue. Nobody is refused by an outdated copy.
 */
export function checkAccess(context: AccessContext, asked: AccessRequest): AccessDecision | Promise<AccessDecision> {
  // Nobody has to say who they are, so nobody is checked.
  if (asked.caller.accessKeyId === undefined) return 'allowed'
  const known = context.engine.knownQueue(asked.queue, BELIEVED_MS)
  if (known !== undefined && decide(context, asked, known) === 'allowed') return 'allowed'
  return decideFresh(context, asked)
}

async function decideFresh(context: AccessContext, asked: AccessRequest): Promise<AccessDecision> {
  try {
    return decide(context, asked, await context.engine.getQueue(asked.queue))
  } catch (error) {
    // A queue that is missing has no policy; what is to be done will find it missing.
    if (error instanceof QueueError && error.code === 'queueNotFound') return decide(context, asked, undefined)
    throw error
  }
}

function decide({ region }: AccessContext, asked: AccessRequest, queue: Queue | undefined): AccessDecision {
  const { caller, permission, action, request, tags } = asked
  const isAllowedByIdentity = caller.may(permission, asked.queue.name)
  const policy = queue === undefined ? undefined : parsedPolicy(queue)
  if (policy === undefined && isAllowedByIdentity && caller.accountId === asked.queue.accountId) return 'allowed'
  return decideAccess(policy, {
    principal: { accountId: caller.accountId, arn: principalArn(caller) },
    ownerAccountId: asked.queue.accountId,
    isAllowedByIdentity,
    action: permissionOf(action),
    resource: formatQueueArn(region, asked.queue.accountId, asked.queue.name),
    keys: conditionKeysOf({ request, caller, queue, region, tags }),
  })
}

/** By the node's copy of the queue, which is another one after every change. */
const parsed = new WeakMap<Queue, Policy>()

function parsedPolicy(queue: Queue): Policy | undefined {
  const text = policyOf(queue)
  if (text === undefined) return undefined
  const known = parsed.get(queue)
  if (known !== undefined) return known
  const policy = parsePolicy(text)
  parsed.set(queue, policy)
  return policy
}
