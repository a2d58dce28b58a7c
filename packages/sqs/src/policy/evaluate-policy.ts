import type { ConditionKeys } from './condition-keys.ts'
import type { Policy, Statement } from './policy.ts'
import type { Principal } from './principals.ts'
import { matchesWildcards } from './wildcards.ts'

/** What is asked of a policy. */
export interface PolicyRequest {
  readonly principal: Principal
  /** Its name without a prefix and without `Batch`, such as `SendMessage`. */
  readonly action: string
  /** The ARN of the queue. */
  readonly resource: string
  readonly keys: ConditionKeys
}

/** What the statements of a policy say, each kind by itself: a denial wins over everything that is allowed. */
export interface PolicyVerdict {
  readonly allows: boolean
  readonly denies: boolean
}

export function evaluatePolicy({ statements }: Policy, request: PolicyRequest): PolicyVerdict {
  let allows = false
  let denies = false
  for (const statement of statements) {
    if (!appliesTo(statement, request)) continue
    if (statement.effect === 'Allow') allows = true
    else denies = true
  }
  return { allows, denies }
}

function appliesTo({ principals, actions, resources, conditions }: Statement, request: PolicyRequest): boolean {
  const { principal, resource, keys } = request
  if (principals.value.includes(principal) === principals.isNegated) return false
  const action = `sqs:${request.action.toLowerCase()}`
  if (actions.value.some((pattern) => matchesWildcards(pattern, action)) === actions.isNegated) return false
  const isResource = resources.value.some((read) => {
    const pattern = read(keys)
    return pattern !== undefined && matchesWildcards(pattern, resource)
  })
  return isResource !== resources.isNegated && conditions.every((holds) => holds(keys))
}
