import { evaluatePolicy, type PolicyRequest } from './evaluate-policy.ts'
import { GRANTABLE_ACTIONS } from './permission-actions.ts'
import type { Policy } from './policy.ts'

/** Whether a request may be done, and if not, why. */
export type AccessDecision =
  | 'allowed'
  /** Neither the caller's own permissions nor the queue's policy allow it. */
  | 'noIdentityPolicy'
  /** The policy of a queue of another account does not allow it. */
  | 'noResourcePolicy'
  | 'explicitDeny'
  /** The caller has no business with this queue, and must not learn whether it is there (G35). */
  | 'unknownQueue'

export interface AccessQuestion extends PolicyRequest {
  /** Whose queue it is. */
  readonly ownerAccountId: string
  /** Whether the caller's own permissions allow it. */
  readonly isAllowedByIdentity: boolean
}

/**
 * Decides by the policy of a queue, if it has one. In one account either side may allow; between accounts both must, and only
 * what can be granted at all. A denial wins. Those who are not told of a queue otherwise are not told of a denial either.
 */
export function decideAccess(policy: Policy | undefined, question: AccessQuestion): AccessDecision {
  const { isAllowedByIdentity } = question
  const { allows, denies } = policy === undefined ? SILENT : evaluatePolicy(policy, question)
  if (question.principal.accountId === question.ownerAccountId) {
    if (!isAllowedByIdentity && !allows) return 'noIdentityPolicy'
    return denies ? 'explicitDeny' : 'allowed'
  }
  if (!isAllowedByIdentity) return 'noIdentityPolicy'
  const isGranted = allows && GRANTABLE_ACTIONS.has(question.action)
  if (isGranted) return denies ? 'explicitDeny' : 'allowed'
  const mayKnow =
    policy !== undefined &&
    [...GRANTABLE_ACTIONS].some((action) => evaluatePolicy(policy, { ...question, action }).allows)
  return mayKnow ? 'noResourcePolicy' : 'unknownQueue'
}

const SILENT = { allows: false, denies: false }
