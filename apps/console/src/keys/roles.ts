/** What a key can be for, and what each may do: the table of the page on keys. A test holds it against the rules themselves. */
export const ROLES = [
  { role: 'admin', summary: 'Everything: queues, messages, keys.' },
  { role: 'producer', summary: 'Sends messages.' },
  { role: 'consumer', summary: 'Receives messages and settles them.' },
  { role: 'inspector', summary: 'Looks at queues and at messages, and changes nothing.' },
  { role: 'reader', summary: 'Looks at queues and their numbers, never at messages.' },
] as const

export type Role = (typeof ROLES)[number]['role']

export interface RoleRight {
  /** The name of the permission. */
  readonly permission: string
  /** What it lets one do, in words. */
  readonly text: string
  readonly roles: readonly Role[]
}

export const ROLE_RIGHTS: readonly RoleRight[] = [
  { permission: 'send', text: 'Send messages', roles: ['admin', 'producer'] },
  { permission: 'receive', text: 'Receive, extend, release and delete messages', roles: ['admin', 'consumer'] },
  { permission: 'peek', text: 'Look at messages without receiving them', roles: ['admin', 'inspector'] },
  {
    permission: 'describe',
    text: 'Read settings, tags and counts of a queue',
    roles: ['admin', 'producer', 'consumer', 'inspector', 'reader'],
  },
  { permission: 'list', text: 'List queues', roles: ['admin', 'inspector', 'reader'] },
  { permission: 'manage', text: 'Create, change, purge and delete queues; redrive dead letters', roles: ['admin'] },
  { permission: 'manageKeys', text: 'Create, rotate and disable access keys', roles: ['admin'] },
]
