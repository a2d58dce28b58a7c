import { expect, it } from '@jest/globals'
import { type AccessKey, ROLES, type Role } from './access-key.ts'
import { isAllowed, type Permission } from './permissions.ts'

const key = (role: Role, queuePattern = '*'): AccessKey => ({
  id: 'SKA',
  accountId: '000000000000',
  description: '',
  role,
  queuePattern,
  createdAt: new Date(0),
  expiresAt: undefined,
  disabledAt: undefined,
  lastUsedAt: undefined,
})

it('every role may do exactly this', () => {
  const permissions: Permission[] = ['send', 'receive', 'peek', 'describe', 'list', 'manage', 'manageKeys']
  const table = Object.fromEntries(
    ROLES.map((role) => [role, permissions.filter((permission) => isAllowed(key(role), permission))]),
  )
  expect(table).toEqual({
    admin: permissions,
    producer: ['send', 'describe'],
    consumer: ['receive', 'describe'],
    inspector: ['peek', 'describe', 'list'],
    reader: ['describe', 'list'],
  })
})

it('G35 a key reaches the queues of its pattern and nothing that speaks of others', () => {
  const admin = key('admin', 'orders-*')
  expect(isAllowed(admin, 'manage', 'orders-eu')).toBe(true)
  expect(isAllowed(admin, 'manage', 'payments')).toBe(false)
  expect(isAllowed(admin, 'list')).toBe(false)
  expect(isAllowed(admin, 'manageKeys')).toBe(false)
})
