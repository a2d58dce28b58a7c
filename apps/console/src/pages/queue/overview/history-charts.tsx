import { Paper } from '@mantine/core'
import type { QueueHistory } from '@stanchion/client'
import { IconChartAreaLine } from '@tabler/icons-react'
import { useMemo } from 'react'
import { EmptyView } from '../../../components/empty-view.tsx'
import { formatCompact, formatDuration, formatNumber, formatRate } from '../../../components/format.ts'
import { chartPoints } from './chart-points.ts'
import { HistoryChart, type Series } from './history-chart.tsx'

const STATES: readonly Series[] = [
  { name: 'ready', label: 'Ready', color: 'var(--ready-fill)' },
  { name: 'leased', label: 'Leased', color: 'var(--leased-fill)' },
  { name: 'delayed', label: 'Delayed', color: 'var(--delayed-fill)' },
]
const RATES: readonly Series[] = [
  { name: 'sent', label: 'Sent', color: 'var(--sent)' },
  { name: 'received', label: 'Received', color: 'var(--leased-fill)' },
  { name: 'deleted', label: 'Deleted', color: 'var(--ready-fill)' },
]
const AGE: readonly Series[] = [{ name: 'age', label: 'Oldest', color: 'var(--delayed-fill)' }]

interface HistoryChartsProps {
  readonly history: QueueHistory
  readonly rangeSeconds: number
}

/** Depth, rates and age over time. */
export function HistoryCharts({ history, rangeSeconds }: HistoryChartsProps) {
  const points = useMemo(() => chartPoints(history), [history])
  const last = points.at(-1)
  if (last === undefined) {
    return (
      <Paper withBorder>
        <EmptyView
          icon={IconChartAreaLine}
          title="No past yet"
          text="The server remembers from when it started, and the first point comes within ten seconds."
        />
      </Paper>
    )
  }
  const range = { from: last.at - rangeSeconds * 1_000, to: last.at }
  return (
    <div className="charts">
      <div className="chart-wide">
        <HistoryChart
          title="Messages"
          points={points}
          series={STATES}
          range={range}
          isStacked
          formatAxis={formatCompact}
          formatValue={formatNumber}
          height={240}
        />
      </div>
      <HistoryChart
        title="Messages a second"
        points={points}
        series={RATES}
        range={range}
        formatAxis={formatCompact}
        formatValue={formatRate}
      />
      <HistoryChart
        title="Age of the oldest message"
        points={points}
        series={AGE}
        range={range}
        formatAxis={formatDuration}
        formatValue={formatDuration}
      />
    </div>
  )
}
