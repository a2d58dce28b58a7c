import { ActionIcon, Group, Select } from '@mantine/core'
import { IconSortAscending, IconSortDescending } from '@tabler/icons-react'
import { Link } from 'react-router'
import { DepthBar } from '../../components/depth-bar.tsx'
import { formatDuration, formatRate } from '../../components/format.ts'
import { KindBadge } from '../../components/kind-badge.tsx'
import { StateLegend } from '../../components/state-legend.tsx'
import { AboutQueue } from './about-queue.tsx'
import type { SlicedListProps } from './queue-table.tsx'
import type { QueueRow, SortKey } from './queue-view.ts'

const ORDERS: readonly { readonly value: SortKey; readonly label: string }[] = [
  { value: 'name', label: 'By name' },
  { value: 'ready', label: 'By ready messages' },
  { value: 'leased', label: 'By leased messages' },
  { value: 'delayed', label: 'By delayed messages' },
  { value: 'age', label: 'By oldest message' },
  { value: 'in', label: 'By messages in' },
  { value: 'out', label: 'By messages out' },
]

/** The queues on a phone. */
export function QueueCards({ slice, view, onChange }: SlicedListProps) {
  const Icon = view.isDescending ? IconSortDescending : IconSortAscending
  return (
    <>
      <Group gap="xs" px="sm" pb="sm" wrap="nowrap">
        <Select
          flex={1}
          aria-label="Order"
          data={ORDERS}
          value={view.sort}
          allowDeselect={false}
          onChange={(sort) => sort !== null && onChange({ sort: sort as SortKey, isDescending: sort !== 'name' })}
        />
        <ActionIcon
          variant="default"
          size="input-sm"
          aria-label={view.isDescending ? 'Smallest first' : 'Largest first'}
          onClick={() => onChange({ isDescending: !view.isDescending })}
        >
          <Icon size={18} aria-hidden />
        </ActionIcon>
      </Group>
      <ul className="cards" aria-label="Queues">
        {slice.before > 0 && <li aria-hidden style={{ height: slice.before }} />}
        {slice.rows.map(({ queue }) => (
          <Card key={queue.name} queue={queue} full={slice.full} />
        ))}
        {slice.after > 0 && <li aria-hidden style={{ height: slice.after }} />}
      </ul>
    </>
  )
}

function Card({ queue, full }: { readonly queue: QueueRow; readonly full: number }) {
  const age = queue.oldestMessageAgeSeconds
  return (
    <li className="card">
      <div className="queue-name">
        <Link to={`/queues/${queue.name}`} className="queue-link">
          {queue.name}
        </Link>
        <KindBadge kind={queue.kind} />
        {age !== null && <span className="card-age numbers">{formatDuration(age)}</span>}
      </div>
      <DepthBar depths={queue} full={full} />
      <div className="card-numbers">
        <StateLegend depths={queue} />
        <span className="numbers card-rates">
          {formatRate(queue.sentPerSecond)} → {formatRate(queue.deletedPerSecond)} /s
        </span>
      </div>
      <AboutQueue queue={queue} />
    </li>
  )
}
