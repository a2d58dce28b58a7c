import { describe, expect, it } from '@jest/globals'
import { type AccessKey, ROLES as ALL_ROLES, isAllowed, type Permission, type Role } from '@stanchion/identity'
import { ROLE_RIGHTS, ROLES } from './roles.ts'

const keyOf = (role: Role) => ({ role, queuePattern: '*' }) as AccessKey

describe('the table of roles', () => {
  it('names every role', () => {
    expect(ROLES.map(({ role }) => role).sort()).toEqual([...ALL_ROLES].sort())
  })

  it.each(ROLE_RIGHTS)('says who has the permission $permission', ({ permission, roles }) => {
    const allowed = ALL_ROLES.filter((role) => isAllowed(keyOf(role), permission as Permission))
    expect([...roles].sort()).toEqual([...allowed].sort())
  })
})
