import { type AccessKey, isAllowed, type Permission, permissionsOf } from '@stanchion/identity'

/** Who sent a request, and what they may do. */
export interface Caller {
  /** Twelve digits: whose queues a request is about when it does not say. */
  readonly accountId: string
  /** The id of their access key; `undefined` while nobody has to say who they are. */
  readonly accessKeyId: string | undefined
  /** Their access key; `undefined` while nobody has to say who they are. */
  readonly key: AccessKey | undefined
  /** What their own key allows. @param queueName absent for what concerns no single queue */
  may(permission: Permission, queueName?: string): boolean
  /** What the role of their key allows with some queues or all. */
  hasRoleFor(permission: Permission): boolean
}

/** Everybody, where nobody has to say who they are. */
export function anybody(accountId: string): Caller {
  return { accountId, accessKeyId: undefined, key: undefined, may: () => true, hasRoleFor: () => true }
}

/** Whoever has this key. */
export function holderOf(key: AccessKey): Caller {
  return {
    accountId: key.accountId,
    accessKeyId: key.id,
    key,
    may: (permission, queueName) => isAllowed(key, permission, queueName),
    hasRoleFor: (permission) => permissionsOf(key.role).includes(permission),
  }
}

/** How policies and denials call a caller: a key is a user of its account. */
export function principalArn({ accountId, accessKeyId = 'anybody' }: Caller): string {
  return `arn:aws:iam::${accountId}:user/${accessKeyId}`
}
