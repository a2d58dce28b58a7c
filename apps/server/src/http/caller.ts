import { type AccessKey, isAllowed, type Permission } from '@stanchion/identity'

/** Who sent a request, and what they may do. */
export interface Caller {
  /** Twelve digits: whose queues a request is about. */
  readonly accountId: string
  /** The id of their access key; `undefined` while nobody has to say who they are. */
  readonly accessKeyId: string | undefined
  /** @param queueName absent for what concerns no single queue */
  may(permission: Permission, queueName?: string): boolean
}

/** Everybody, where nobody has to say who they are. */
export function anybody(accountId: string): Caller {
  return { accountId, accessKeyId: undefined, may: () => true }
}

/** Whoever has this key. */
export function holderOf(key: AccessKey): Caller {
  return {
    accountId: key.accountId,
    accessKeyId: key.id,
    may: (permission, queueName) => isAllowed(key, permission, queueName),
  }
}
