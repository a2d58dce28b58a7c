import { Alert, Group, Paper, SegmentedControl, Skeleton, Title, VisuallyHidden } from '@mantine/core'
import type { QueueDescription } from '@stanchion/client'
import { IconAlertTriangle } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useSearchParams } from 'react-router'
import { useSession } from '../../../api/session.tsx'
import { Facts } from '../../../components/facts.tsx'
import { formatNumber } from '../../../components/format.ts'
import { ProblemAlert } from '../../../components/problem-view.tsx'
import { queueProblems } from '../../../health/queue-problems.ts'
import { ScalingCard } from './scaling-card.tsx'
import './overview.css'

// The library of charts is half of the program, and not needed before somebody looks at one.
const HistoryCharts = lazy(async () => ({ default: (await import('./history-charts.tsx')).HistoryCharts }))

const RANGES = [
  { value: '900', label: '15 min' },
  { value: '3600', label: '1 h' },
  { value: '10740', label: '3 h' },
] as const

/** As often as the server takes a sample. */
const REFRESH_MS = 10_000

/** What a queue has been doing. */
export function OverviewTab({ queue: { name } }: { readonly queue: QueueDescription }) {
  const { api } = useSession()
  const [search, setSearch] = useSearchParams()
  const asked = search.get('range')
  const range = RANGES.find(({ value }) => value === asked)?.value ?? '900'
  const rangeSeconds = Number(range)
  const history = useQuery({
    queryKey: ['history', name, range],
    queryFn: ({ signal }) => api.queue(name).history({ rangeSeconds }, { signal }),
    refetchInterval: REFRESH_MS,
    placeholderData: keepPreviousData,
  })
  const statistics = useQuery({
    queryKey: ['numbers', name],
    queryFn: ({ signal }) => api.queue(name).statistics({ signal }),
    refetchInterval: REFRESH_MS,
  })
  const problems = statistics.data === undefined ? [] : queueProblems(statistics.data)
  const totals = statistics.data?.totals
  return (
    <div className="overview">
      {problems.map(({ id, severity, text }) => (
        <Alert key={id} variant="default" icon={<IconAlertTriangle aria-hidden />} className={`problem is-${severity}`}>
          {text}
        </Alert>
      ))}
      <Group justify="flex-end">
        <SegmentedControl
          aria-label="How far back"
          data={[...RANGES]}
          value={range}
          onChange={(value) => setSearch(value === '900' ? {} : { range: value }, { replace: true })}
        />
      </Group>
      {history.error !== null && <ProblemAlert error={history.error} />}
      {history.data === undefined ? (
        history.error === null && <ChartsLoading />
      ) : (
        <Suspense fallback={<ChartsLoading />}>
          <HistoryCharts history={history.data} rangeSeconds={rangeSeconds} />
        </Suspense>
      )}
      <ScalingCard name={name} />
      {totals !== undefined && (
        <Paper withBorder p="lg" component="section" aria-label="Since the queue was created">
          <Title order={2} size="h5" mb="md">
            Since the queue was created
          </Title>
          <Facts
            facts={[
              ['Sent', formatNumber(totals.sent)],
              ['Received', formatNumber(totals.received)],
              ['Deleted by consumers', formatNumber(totals.deleted)],
              ['Received again', formatNumber(totals.redelivered)],
              ['Leases that ran out', formatNumber(totals.leasesExpired)],
              ['Given back', formatNumber(totals.released)],
              ['Went to the dead letters', formatNumber(totals.deadLettered)],
              ['Outlived the retention', formatNumber(totals.expired)],
              ['Moved by redrives', formatNumber(totals.moved)],
              ['Receives that found nothing', formatNumber(totals.emptyReceives)],
              ['Repetitions refused', formatNumber(totals.duplicatesRefused)],
            ]}
          />
        </Paper>
      )}
    </div>
  )
}

function ChartsLoading() {
  return (
    <div className="charts" role="status">
      <VisuallyHidden>Loading the charts</VisuallyHidden>
      <Skeleton height={304} className="chart-wide" />
      <Skeleton height={274} />
      <Skeleton height={274} />
    </div>
  )
}
