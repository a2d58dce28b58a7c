import '@mantine/charts/styles.css'
import { AreaChart } from '@mantine/charts'
import { Paper, Title } from '@mantine/core'
import { formatClock } from '../../../components/format.ts'
import { type ChartPoint, timeTicks } from './chart-points.ts'
import { MinuteFormat } from './minute-format.ts'

export interface Series {
  readonly name: keyof ChartPoint
  readonly label: string
  readonly color: string
}

interface HistoryChartProps {
  readonly title: string
  readonly points: readonly ChartPoint[]
  readonly series: readonly Series[]
  readonly range: { readonly from: number; readonly to: number }
  readonly isStacked?: boolean
  /** Values in words, on the axis and where one points. */
  formatAxis(value: number): string
  formatValue(value: number): string
  readonly height?: number
}

/** Numbers of a queue over time. */
export function HistoryChart(props: HistoryChartProps) {
  const { title, points, series, range, isStacked = false, formatAxis, formatValue, height = 210 } = props
  return (
    <Paper withBorder component="figure" className="chart">
      <figcaption className="chart-head">
        <Title order={2} size="h5">
          {title}
        </Title>
        <div className="chart-legend numbers">
          {series.map(({ name, label, color }) => (
            <span key={name} className="state-legend-part">
              <span className="dot" style={{ background: color }} aria-hidden />
              {label} <b>{formatValue(points.at(-1)?.[name] ?? 0)}</b>
            </span>
          ))}
        </div>
      </figcaption>
      <div aria-hidden className="chart-picture">
        <AreaChart
          h={height}
          data={points as ChartPoint[]}
          dataKey="at"
          series={series as Series[]}
          type={isStacked ? 'stacked' : 'default'}
          curveType="monotone"
          strokeWidth={1.75}
          fillOpacity={isStacked ? 0.55 : 0.1}
          withDots={false}
          withGradient={false}
          tickLine="none"
          gridAxis="y"
          strokeDasharray="0"
          valueFormatter={formatValue}
          areaProps={{ isAnimationActive: false, activeDot: { r: 3, strokeWidth: 0 } }}
          areaChartProps={{
            accessibilityLayer: false,
            syncId: 'history',
            margin: { left: 0, right: 12, top: 6, bottom: 0 },
          }}
          tooltipProps={{
            isAnimationActive: false,
            labelFormatter: (at) => (Number.isFinite(at) ? formatClock(Number(at)) : ''),
          }}
          xAxisProps={{
            type: 'number',
            scale: 'time',
            domain: [range.from, range.to],
            ticks: timeTicks(range.from, range.to),
            tickFormatter: (at: number) => MinuteFormat.format(at),
            allowDataOverflow: true,
          }}
          yAxisProps={{ width: 56, tickFormatter: formatAxis, allowDecimals: false, tickCount: 4, domain: [0, 'auto'] }}
        />
      </div>
    </Paper>
  )
}
