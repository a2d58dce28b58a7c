import { Group, Paper, Text, UnstyledButton } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { DepthBar } from '../../components/depth-bar.tsx'
import { formatCompact, formatNumber, formatRate } from '../../components/format.ts'
import { Sparkline } from '../../components/sparkline.tsx'
import { StateLegend } from '../../components/state-legend.tsx'
import type { AccountTotals } from './queue-view.ts'

interface AccountBandProps {
  readonly totals: AccountTotals
  /** Shows the queues with problems. */
  onProblems(): void
}

/** All queues at a glance. */
export function AccountBand({ totals, onProblems }: AccountBandProps) {
  const stored = totals.visible + totals.inFlight + totals.delayed
  return (
    <Paper withBorder className="band" component="section" aria-label="All queues together">
      <Tile label="Queues" value={formatNumber(totals.queues)}>
        {totals.withProblems > 0 ? (
          <UnstyledButton className="band-problems" onClick={onProblems}>
            <IconAlertTriangle size={15} aria-hidden /> {formatNumber(totals.withProblems)}{' '}
            {totals.withProblems === 1 ? 'needs' : 'need'} a look
          </UnstyledButton>
        ) : (
          <Text size="sm" className="band-well">
            <IconCircleCheck size={15} aria-hidden /> {totals.queues === 0 ? 'Nothing to worry about' : 'All is well'}
          </Text>
        )}
      </Tile>
      <Tile label="Messages" value={compactOver(stored)} className="band-messages">
        <Sparkline values={totals.recentVisible} width={120} label="Messages that were ready, in the last half hour" />
        <div className="band-depth">
          <DepthBar depths={totals} />
          <StateLegend depths={totals} />
        </div>
      </Tile>
      <Tile label="In" value={formatRate(totals.sentPerSecond)} unit="/s">
        <Text size="sm" c="dimmed">
          messages sent
        </Text>
      </Tile>
      <Tile label="Out" value={formatRate(totals.deletedPerSecond)} unit="/s">
        <Text size="sm" c="dimmed">
          messages done
        </Text>
      </Tile>
      <Tile label="Dead letters" value={compactOver(totals.deadLetters)} isBad={totals.deadLetters > 0}>
        <Text size="sm" c="dimmed">
          in {formatNumber(totals.deadLetterQueues)} {totals.deadLetterQueues === 1 ? 'queue' : 'queues'}
        </Text>
      </Tile>
    </Paper>
  )
}

/** A million and more would not fit. */
const compactOver = (value: number) => (value < 1_000_000 ? formatNumber(value) : formatCompact(value))

interface TileProps {
  readonly label: string
  readonly value: string
  readonly unit?: string
  readonly isBad?: boolean
  readonly className?: string
  readonly children: ReactNode
}

function Tile({ label, value, unit, isBad = false, className = '', children }: TileProps) {
  return (
    <div className={`band-tile ${className}`}>
      <Text size="xs" c="dimmed" fw={600} className="band-label">
        {label}
      </Text>
      <Group gap={4} align="baseline" wrap="nowrap" className={isBad ? 'band-value band-bad' : 'band-value'}>
        <span className="band-number numbers">{value}</span>
        {unit !== undefined && <span className="band-unit">{unit}</span>}
      </Group>
      {children}
    </div>
  )
}
