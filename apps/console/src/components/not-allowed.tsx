import { Alert, Text } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useSession } from '../api/session.tsx'
import { ROLE_RIGHTS } from '../keys/roles.ts'

/** Says that the key may look here and not touch, and which keys may. */
export function NotAllowed({ permission, to }: { readonly permission: string; readonly to: string }) {
  const { who } = useSession()
  const roles = ROLE_RIGHTS.find((right) => right.permission === permission)?.roles ?? []
  return (
    <Alert variant="default" icon={<IconLock aria-hidden />} title={`Your key may not ${to}`} className="not-allowed">
      <Text size="sm">
        It has the role <b>{who.role}</b> for queues that match <b>{who.queuePattern}</b>, and this needs the permission{' '}
        <b>{permission}</b>
        {roles.length > 0 && <> of the roles {roles.join(', ')}</>}.
      </Text>
    </Alert>
  )
}
