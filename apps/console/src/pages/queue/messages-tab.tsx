import { ActionIcon, Button, Group, Paper, SegmentedControl, Stack, Text, Tooltip } from '@mantine/core'
import type { QueueCounts, QueueDescription } from '@stanchion/client'
import { IconEye, IconMailOff, IconRefresh } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router'
import { useSession } from '../../api/session.tsx'
import { EmptyView } from '../../components/empty-view.tsx'
import { formatClock, formatCompact } from '../../components/format.ts'
import { NotAllowed } from '../../components/not-allowed.tsx'
import { ProblemView } from '../../components/problem-view.tsx'
import { SplashView } from '../../components/splash-view.tsx'
import type { MessageState } from '../../components/state-badge.tsx'
import { MessageDrawer } from './message-drawer.tsx'
import { MessageRow } from './message-row.tsx'

interface MessagesTabProps {
  readonly queue: QueueDescription
  readonly counts: QueueCounts | undefined
}

const PAGE_SIZE = 25

interface ShownState {
  readonly state: MessageState
  readonly label: string
  readonly none: string
}

const READY: ShownState = { state: 'ready', label: 'Ready', none: 'No message can be received now.' }

/** The states with what they mean, in the order of a message's life. */
const STATES: readonly ShownState[] = [
  READY,
  { state: 'leased', label: 'Leased', none: 'No message is with a consumer now.' },
  { state: 'delayed', label: 'Delayed', none: 'No message waits for its time to come.' },
]

/** The messages of a queue in every state, without touching them. */
export function MessagesTab({ queue, counts }: MessagesTabProps) {
  const { may } = useSession()
  if (!may('peek', queue.name)) return <NotAllowed permission="peek" to="look at messages" />
  return <MessageList queue={queue} counts={counts} />
}

function MessageList({ queue: { name }, counts }: MessagesTabProps) {
  const { api } = useSession()
  const [search, setSearch] = useSearchParams()
  const shown = STATES.find((one) => one.state === search.get('state')) ?? READY
  const messageId = search.get('message')
  const pages = useInfiniteQuery({
    queryKey: ['peek', name, shown.state],
    queryFn: ({ signal, pageParam }) =>
      api.queue(name).peek({ state: shown.state, limit: PAGE_SIZE, ...pageParam }, { signal }),
    initialPageParam: {} as { cursor?: string },
    getNextPageParam: ({ nextCursor }) => (nextCursor === undefined ? undefined : { cursor: nextCursor }),
    refetchOnWindowFocus: false,
  })
  const change = (part: Record<string, string | undefined>) =>
    setSearch((before) => {
      for (const [key, value] of Object.entries(part)) {
        if (value === undefined) before.delete(key)
        else before.set(key, value)
      }
      return before
    })

  const numbers = { ready: counts?.visible, leased: counts?.inFlight, delayed: counts?.delayed }
  const messages = pages.data?.pages.flatMap((page) => page.messages)
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="sm">
        <SegmentedControl
          aria-label="State of the messages"
          value={shown.state}
          onChange={(next) => change({ state: next })}
          data={STATES.map((one) => ({
            value: one.state,
            label: `${one.label}${numbers[one.state] === undefined ? '' : ` ${formatCompact(numbers[one.state] ?? 0)}`}`,
          }))}
        />
        <Group gap="xs" wrap="nowrap">
          <Group gap={6} wrap="nowrap">
            <IconEye size={16} aria-hidden />
            <Text size="xs" c="dimmed">
              Looking counts no delivery and leases nothing
              {pages.dataUpdatedAt > 0 && `, as of ${formatClock(pages.dataUpdatedAt)}`}
            </Text>
          </Group>
          <Tooltip label="Look again">
            <ActionIcon
              variant="default"
              size="lg"
              aria-label="Look again"
              loading={pages.isFetching}
              onClick={() => void pages.refetch()}
            >
              <IconRefresh size={18} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </Group>
      </Group>
      <Paper withBorder>
        {pages.error !== null && <ProblemView error={pages.error} onRetry={() => void pages.refetch()} />}
        {pages.error === null && messages === undefined && <SplashView />}
        {messages?.length === 0 && <EmptyView icon={IconMailOff} title="Nothing here" text={shown.none} />}
        {messages !== undefined && messages.length > 0 && (
          <ul className="messages" aria-label={`${shown.label} messages`}>
            {messages.map((message) => (
              <MessageRow
                key={message.messageId}
                message={message}
                onOpen={() => change({ message: message.messageId })}
              />
            ))}
          </ul>
        )}
        {pages.hasNextPage && (
          <Group justify="center" p="sm">
            <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
              Show more
            </Button>
          </Group>
        )}
      </Paper>
      <MessageDrawer
        queue={name}
        messageId={messageId}
        known={messages?.find((message) => message.messageId === messageId)}
        onClose={() => change({ message: undefined })}
      />
    </Stack>
  )
}
