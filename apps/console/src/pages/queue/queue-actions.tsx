import { Button, Menu, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { QueueDescription } from '@stanchion/client'
import { IconChevronDown, IconEraser, IconTrash } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { useSession } from '../../api/session.tsx'
import { useConfirm } from '../../components/confirm.tsx'
import { restPath } from '../../curl/curl-command.ts'

/** What destroys: purge and delete. */
export function QueueActions({ queue: { name } }: { readonly queue: QueueDescription }) {
  const { api, may } = useSession()
  const confirm = useConfirm()
  const queries = useQueryClient()
  const navigate = useNavigate()
  if (!may('manage', name)) return null

  const purge = () =>
    confirm({
      title: `Purge ${name}`,
      text: (
        <>
          Removes <b>every message</b> of the queue that was sent until now, the leased and the delayed ones too. They
          do not come back. The queue and its settings stay.
        </>
      ),
      verb: 'Purge the queue',
      typed: name,
      call: { method: 'POST', path: restPath('/v1/queues/{queue}/purge', { queue: name }) },
      run: async () => {
        await api.queue(name).purge()
        notifications.show({ title: 'Purged', message: `${name} is empty.` })
        await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] === name })
      },
    })

  const remove = () =>
    confirm({
      title: `Delete ${name}`,
      text: (
        <>
          Deletes the queue with <b>all its messages</b> and settings, for good. Whoever sends to it or receives from it
          gets an error from then on.
        </>
      ),
      verb: 'Delete the queue',
      typed: name,
      call: { method: 'DELETE', path: restPath('/v1/queues/{queue}', { queue: name }) },
      run: async () => {
        await api.deleteQueue(name)
        notifications.show({ title: 'Deleted', message: `${name} is gone.` })
        await navigate('/')
        // What a page on its way out still watches would be asked for once more, in vain.
        queries.removeQueries({ predicate: ({ queryKey }) => queryKey[1] === name, type: 'inactive' })
        await queries.invalidateQueries({ queryKey: ['statistics'] })
      },
    })

  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />}>
          Actions
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconEraser size={17} aria-hidden />} onClick={purge}>
          Purge …
          <Text size="xs" c="dimmed">
            Remove all messages
          </Text>
        </Menu.Item>
        <Menu.Item
          leftSection={<IconTrash size={17} aria-hidden />}
          color="danger"
          onClick={remove}
          className="menu-danger"
        >
          Delete …
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
