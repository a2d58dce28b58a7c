import type { AccessKey, Role } from './access-key.ts'
import { matchesQueuePattern } from './queue-pattern.ts'

/** What a request wants to do. */
export type Permission =
  /** Send messages. */
  | 'send'
  /** Receive messages, and extend, release and delete what was received. */
  | 'receive'
  /** Look at messages without receiving them. */
  | 'peek'
  /** Read settings, tags and counts of a queue, and find its address. */
  | 'describe'
  /** List queues. */
  | 'list'
  /** Create, change, tag, purge and delete queues, and start and cancel move tasks. */
  | 'manage'
  /** Create, list, disable and rotate access keys. */
  | 'manageKeys'

/** What each role may do. A producer and a consumer can look at the queues they work with, because clients do that at their start. */
const ALLOWED: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  admin: new Set(['send', 'receive', 'peek', 'describe', 'list', 'manage', 'manageKeys']),
  producer: new Set(['send', 'describe']),
  consumer: new Set(['receive', 'describe']),
  inspector: new Set(['peek', 'describe', 'list']),
  reader: new Set(['describe', 'list']),
}

/** What a role may do at most; the pattern of a key says with which queues. */
export function permissionsOf(role: Role): Permission[] {
  return [...ALLOWED[role]]
}

/**
 * Whether a key may do this. What concerns no single queue (`list`, `manageKeys`) is for keys that reach every queue: the
 * answer would speak of others.
 * @param queueName absent for what concerns no single queue
 */
export function isAllowed(key: AccessKey, permission: Permission, queueName?: string): boolean {
  if (!ALLOWED[key.role].has(permission)) return false
  return queueName === undefined ? key.queuePattern === '*' : matchesQueuePattern(key.queuePattern, queueName)
}
