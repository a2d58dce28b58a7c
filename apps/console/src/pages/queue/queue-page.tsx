import { Anchor, Group, Tabs, Text } from '@mantine/core'
import type { QueueCounts, QueueDescription } from '@stanchion/client'
import {
  IconArrowBackUp,
  IconChartAreaLine,
  IconDownload,
  IconGhost2,
  IconMail,
  IconSend,
  IconSettings,
} from '@tabler/icons-react'
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { useSession } from '../../api/session.tsx'
import { formatDuration, formatNumber } from '../../components/format.ts'
import { KindBadge } from '../../components/kind-badge.tsx'
import { PageTitle } from '../../components/page-title.tsx'
import { ProblemView } from '../../components/problem-view.tsx'
import { SplashView } from '../../components/splash-view.tsx'
import { StateBadge } from '../../components/state-badge.tsx'
import { MessagesTab } from './messages-tab.tsx'
import { OverviewTab } from './overview/overview-tab.tsx'
import { QueueActions } from './queue-actions.tsx'
import { ReceiveTab } from './receive-tab.tsx'
import { RedriveTab } from './redrive-tab.tsx'
import { SendTab } from './send-tab.tsx'
import { SettingsTab } from './settings-tab.tsx'

interface Tab {
  readonly id: string
  readonly label: string
  readonly icon: typeof IconSend
  readonly render: (shown: ShownQueue) => ReactNode
}

interface ShownQueue {
  readonly queue: QueueDescription
  readonly counts: QueueCounts | undefined
  /** The queues whose dead letters come here. */
  readonly sources: readonly string[]
}

const TABS: readonly Tab[] = [
  { id: 'overview', label: 'Overview', icon: IconChartAreaLine, render: ({ queue }) => <OverviewTab queue={queue} /> },
  { id: 'messages', label: 'Messages', icon: IconMail, render: (shown) => <MessagesTab {...shown} /> },
  { id: 'send', label: 'Send', icon: IconSend, render: ({ queue }) => <SendTab queue={queue} /> },
  { id: 'receive', label: 'Receive', icon: IconDownload, render: ({ queue }) => <ReceiveTab queue={queue} /> },
  { id: 'redrive', label: 'Redrive', icon: IconArrowBackUp, render: (shown) => <RedriveTab {...shown} /> },
  { id: 'settings', label: 'Settings', icon: IconSettings, render: (shown) => <SettingsTab {...shown} /> },
]

/** How often numbers are asked for while somebody looks. */
const COUNTS_EVERY_MS = 2_000

const SOURCES_STALE_MS = 30_000

/** One queue, whatever one wants to know about it or do with it. */
export function QueuePage() {
  const { queue: name = '', tab = 'overview' } = useParams()
  const { api } = useSession()
  const navigate = useNavigate()
  const queue = useQuery({
    queryKey: ['queue', name],
    queryFn: ({ signal }) => api.getQueue(name, { signal }),
  })
  const counts = useQuery({
    queryKey: ['counts', name],
    queryFn: ({ signal }) => api.queue(name).counts({ signal }),
    refetchInterval: COUNTS_EVERY_MS,
    enabled: queue.isSuccess,
  })
  const sources = useQuery({
    queryKey: ['sources', name],
    queryFn: async ({ signal }) => {
      const found = await Array.fromAsync(api.queue(name).deadLetterSources({ signal }))
      return found.map((source) => source.name)
    },
    staleTime: SOURCES_STALE_MS,
    enabled: queue.isSuccess,
  })

  // Deleted by somebody else while it was open: the counts notice first.
  const error = queue.error ?? (isNotFound(counts) ? counts.error : null)
  if (error !== null) {
    return (
      <ProblemView error={error} onRetry={() => void queue.refetch()}>
        <Anchor component={Link} to="/">
          To the queues
        </Anchor>
      </ProblemView>
    )
  }
  if (queue.data === undefined) return <SplashView />
  const shown: ShownQueue = { queue: queue.data, counts: counts.data, sources: sources.data ?? [] }
  // Redriving is for dead-letter queues: elsewhere the tab would only be in the way.
  const tabs = TABS.filter(({ id }) => id !== 'redrive' || tab === id || shown.sources.length > 0)
  return (
    <>
      <PageTitle
        title={name}
        badges={<KindBadge kind={queue.data.kind} />}
        subtitle={<QueueSubtitle queue={queue.data} counts={counts.data} />}
      >
        <QueueActions queue={queue.data} />
      </PageTitle>
      <Tabs
        value={tab}
        onChange={(next) => next !== null && navigate(`/queues/${name}/${next}`)}
        keepMounted={false}
        className="queue-tabs"
      >
        <Tabs.List mb="md">
          {tabs.map(({ id, label, icon: Icon }) => (
            <Tabs.Tab key={id} value={id} leftSection={<Icon size={17} stroke={1.8} aria-hidden />}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map(({ id, render }) => (
          <Tabs.Panel key={id} value={id}>
            {render(shown)}
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  )
}

function isNotFound({ error }: UseQueryResult<QueueCounts>): boolean {
  return error !== null && 'code' in error && error.code === 'queueNotFound'
}

function QueueSubtitle({
  queue,
  counts,
}: {
  readonly queue: QueueDescription
  readonly counts: QueueCounts | undefined
}) {
  const { deadLetter } = queue
  return (
    <Group gap="xs" mt={6}>
      {counts !== undefined && (
        <>
          <StateBadge state="ready">{formatNumber(counts.visible)} ready</StateBadge>
          <StateBadge state="leased">{formatNumber(counts.inFlight)} leased</StateBadge>
          <StateBadge state="delayed">{formatNumber(counts.delayed)} delayed</StateBadge>
          {counts.oldestMessageAgeSeconds !== null && (
            <Text size="sm" c="dimmed" className="numbers">
              oldest {formatDuration(counts.oldestMessageAgeSeconds)}
            </Text>
          )}
        </>
      )}
      {deadLetter !== undefined && (
        <Group gap={4}>
          <IconGhost2 size={15} aria-hidden />
          <Text size="sm">
            after {deadLetter.receiveCountMax} deliveries to{' '}
            <Anchor component={Link} to={`/queues/${deadLetter.queueName}`} inherit underline="always">
              {deadLetter.queueName}
            </Anchor>
          </Text>
        </Group>
      )}
    </Group>
  )
}
