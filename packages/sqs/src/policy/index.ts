export type { ConditionKeys } from './condition-keys.ts'
export { type AccessDecision, decideAccess } from './decide-access.ts'
export {
  checkLabel,
  checkPermission,
  checkStatementCount,
  type NewPermission,
  withoutPermission,
  withPermission,
} from './edit-policy.ts'
export { evaluatePolicy, type PolicyRequest, type PolicyVerdict } from './evaluate-policy.ts'
export { permissionOf } from './permission-actions.ts'
export { type Policy, parsePolicy } from './policy.ts'
export type { Principal } from './principals.ts'
