import { Button, Group, Paper, Progress, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { MoveTask } from '@stanchion/client'
import { IconPlayerStop } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useSession } from '../../api/session.tsx'
import { useConfirm } from '../../components/confirm.tsx'
import { formatDuration, formatNumber, formatRate } from '../../components/format.ts'
import { restPath } from '../../curl/curl-command.ts'
import { moveProgress } from '../../redrive/move-progress.ts'

/** A task that runs: how far it is, how fast, and a way to end it. */
export function MoveTaskCard({ task }: { readonly task: MoveTask }) {
  const { api, may } = useSession()
  const confirm = useConfirm()
  const queries = useQueryClient()
  const { id, source, destination, messagesMoved, messagesToMove, messagesPerSecondMax } = task
  const { fraction, messagesPerSecond, secondsLeft } = moveProgress(task, Date.now())

  const cancel = () =>
    confirm({
      title: 'Cancel the redrive',
      text: 'What was moved stays moved, the rest stays here. You can start again at any time.',
      verb: 'Cancel the redrive',
      call: {
        method: 'POST',
        path: restPath('/v1/queues/{queue}/move-tasks/{id}/cancel', { queue: source, id }),
      },
      run: async () => {
        await api.queue(source).cancelMoveTask(id)
        notifications.show({ title: 'Cancelled', message: 'Nothing more is moved.' })
        await queries.invalidateQueries({ queryKey: ['move-tasks', source] })
      },
    })

  return (
    <Paper withBorder p="lg" component="section" aria-label="The running redrive">
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h4">
            On their way {destination === undefined ? 'back' : `to ${destination}`}
          </Title>
          {may('manage', source) && (
            <Button variant="default" size="sm" leftSection={<IconPlayerStop size={17} aria-hidden />} onClick={cancel}>
              Cancel …
            </Button>
          )}
        </Group>
        <Progress value={fraction * 100} size="lg" animated aria-label="Messages that were moved" />
        <Group gap="lg" className="numbers">
          <Text size="sm">
            <b>{formatNumber(messagesMoved)}</b> of {formatNumber(messagesToMove)} moved
          </Text>
          {messagesPerSecond !== undefined && (
            <Text size="sm" c="dimmed">
              {formatRate(messagesPerSecond)} a second
              {messagesPerSecondMax !== undefined && `, ${messagesPerSecondMax} at most`}
            </Text>
          )}
          {secondsLeft !== undefined && (
            <Text size="sm" c="dimmed">
              about {formatDuration(secondsLeft)} left
            </Text>
          )}
        </Group>
      </Stack>
    </Paper>
  )
}
