import { ActionIcon, Badge, Group, Menu, Table, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { AccessKey } from '@stanchion/client'
import { IconBan, IconDots, IconRefreshDot } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useSession } from '../../api/session.tsx'
import { useConfirm } from '../../components/confirm.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { formatTime } from '../../components/format.ts'
import { restPath } from '../../curl/curl-command.ts'

interface KeyRowProps {
  readonly accessKey: AccessKey
  /** Whether it no longer works. */
  readonly isOver: boolean
  onRotate(key: AccessKey): void
}

/** One key, and what can be done with it. */
export function KeyRow({ accessKey, isOver, onRotate }: KeyRowProps) {
  const { api, who } = useSession()
  const confirm = useConfirm()
  const queries = useQueryClient()
  const { id, role, queuePattern, description, createdAt, lastUsedAt } = accessKey
  const isOwn = id === who.accessKeyId

  const disable = () =>
    confirm({
      title: 'Disable the key',
      text: (
        <>
          The key <b>{id}</b>
          {description !== '' && ` (${description})`} is refused from now on, everywhere within five seconds. It cannot
          be enabled again.
          {isOwn && (
            <>
              {' '}
              <b>You are signed in with this key</b>, so you will be signed out.
            </>
          )}
        </>
      ),
      verb: 'Disable the key',
      typed: id,
      call: { method: 'POST', path: restPath('/v1/access-keys/{id}/disable', { id }) },
      run: async () => {
        await api.accessKeys.disable(id)
        notifications.show({ title: 'Disabled', message: id })
        await queries.invalidateQueries({ queryKey: ['keys'] })
      },
    })

  return (
    <Table.Tr className={isOver ? 'over' : undefined}>
      <Table.Td>
        <Group gap={4} wrap="nowrap">
          <Text size="sm" ff="monospace">
            {id}
          </Text>
          <CopyButton text={id} label={`the id ${id}`} />
          {isOwn && (
            <Badge size="sm" variant="default" radius="sm">
              you
            </Badge>
          )}
        </Group>
        {description !== '' && (
          <Text size="xs" c="dimmed">
            {description}
          </Text>
        )}
      </Table.Td>
      <Table.Td>{role}</Table.Td>
      <Table.Td className="mono-cell">{queuePattern}</Table.Td>
      <Table.Td>{formatTime(createdAt)}</Table.Td>
      <Table.Td>{lastUsedAt === undefined ? 'never' : formatTime(lastUsedAt)}</Table.Td>
      <Table.Td>{stateOf(accessKey)}</Table.Td>
      <Table.Td>
        {!isOver && (
          <Menu position="bottom-end" width={200}>
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${id}`}>
                <IconDots size={18} aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconRefreshDot size={17} aria-hidden />} onClick={() => onRotate(accessKey)}>
                Rotate …
              </Menu.Item>
              <Menu.Item
                leftSection={<IconBan size={17} aria-hidden />}
                color="danger"
                className="menu-danger"
                onClick={disable}
              >
                Disable …
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </Table.Td>
    </Table.Tr>
  )
}

function stateOf({ disabledAt, expiresAt }: AccessKey) {
  if (disabledAt !== undefined) return <Text size="sm">disabled {formatTime(disabledAt)}</Text>
  if (expiresAt === undefined) return <span className="outcome outcome-completed">works</span>
  const isPast = Date.parse(expiresAt) <= Date.now()
  return (
    <Text size="sm">
      {isPast ? 'expired' : 'expires'} {formatTime(expiresAt)}
    </Text>
  )
}
