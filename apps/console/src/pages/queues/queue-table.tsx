import { UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { Link } from 'react-router'
import { DepthBar } from '../../components/depth-bar.tsx'
import { formatDuration, formatNumber, formatRate } from '../../components/format.ts'
import { KindBadge } from '../../components/kind-badge.tsx'
import { Sparkline } from '../../components/sparkline.tsx'
import { AboutQueue } from './about-queue.tsx'
import type { Slice } from './queue-list.tsx'
import type { QueueRow, QueueView, SortKey } from './queue-view.ts'

export interface SlicedListProps {
  readonly slice: Slice
  /** All rows, those out of sight too. */
  readonly count: number
  readonly view: QueueView
  onChange(change: Partial<QueueView>): void
}

interface Column {
  readonly id: string
  readonly label: string
  readonly sort?: SortKey
}

const COLUMNS: readonly Column[] = [
  { id: 'name', label: 'Queue', sort: 'name' },
  { id: 'bar', label: 'Messages' },
  { id: 'ready', label: 'Ready', sort: 'ready' },
  { id: 'leased', label: 'Leased', sort: 'leased' },
  { id: 'delayed', label: 'Delayed', sort: 'delayed' },
  { id: 'age', label: 'Oldest', sort: 'age' },
  { id: 'in', label: 'In /s', sort: 'in' },
  { id: 'out', label: 'Out /s', sort: 'out' },
  { id: 'past', label: '30 min' },
]

/** The queues where there is room for a table. */
export function QueueTable({ slice, count, view, onChange }: SlicedListProps) {
  return (
    <table className="queue-table" aria-rowcount={count + 1} aria-label="Queues">
      <thead>
        <tr aria-rowindex={1}>
          {COLUMNS.map((column) => (
            <HeadCell key={column.id} column={column} view={view} onChange={onChange} />
          ))}
        </tr>
      </thead>
      <tbody>
        <Gap height={slice.before} />
        {slice.rows.map(({ index, queue }) => (
          <Row key={queue.name} queue={queue} index={index} full={slice.full} />
        ))}
        <Gap height={slice.after} />
      </tbody>
    </table>
  )
}

function Gap({ height }: { readonly height: number }) {
  return height <= 0 ? null : <tr aria-hidden className="gap" style={{ height }} />
}

function HeadCell({
  column: { id, label, sort },
  view,
  onChange,
}: Pick<SlicedListProps, 'view' | 'onChange'> & { readonly column: Column }) {
  if (sort === undefined) return <th className={`col-${id}`}>{label}</th>
  const isSorted = view.sort === sort
  const Icon = view.isDescending ? IconArrowDown : IconArrowUp
  return (
    <th className={`col-${id}`} aria-sort={isSorted ? (view.isDescending ? 'descending' : 'ascending') : 'none'}>
      <UnstyledButton
        className={isSorted ? 'sort sorted' : 'sort'}
        // Of numbers one wants the largest first.
        onClick={() => onChange({ sort, isDescending: isSorted ? !view.isDescending : sort !== 'name' })}
      >
        {label}
        {isSorted && <Icon size={14} aria-hidden />}
      </UnstyledButton>
    </th>
  )
}

function Row({ queue, index, full }: { readonly queue: QueueRow; readonly index: number; readonly full: number }) {
  const age = queue.oldestMessageAgeSeconds
  return (
    <tr aria-rowindex={index + 2} className="queue-row">
      <td className="col-name">
        <div className="queue-name">
          <Link to={`/queues/${queue.name}`} className="queue-link" title={queue.name}>
            {queue.name}
          </Link>
          <KindBadge kind={queue.kind} />
        </div>
        <AboutQueue queue={queue} />
      </td>
      <td className="col-bar">
        <DepthBar depths={queue} full={full} />
      </td>
      <Amount id="ready" value={queue.visible} text={formatNumber(queue.visible)} />
      <Amount id="leased" value={queue.inFlight} text={formatNumber(queue.inFlight)} />
      <Amount id="delayed" value={queue.delayed} text={formatNumber(queue.delayed)} />
      <Amount id="age" value={age ?? 0} text={age === null ? '–' : formatDuration(age)} />
      <Amount id="in" value={queue.sentPerSecond} text={formatRate(queue.sentPerSecond)} />
      <Amount id="out" value={queue.deletedPerSecond} text={formatRate(queue.deletedPerSecond)} />
      <td className="col-past">
        <Sparkline values={queue.recentVisible} label="Ready messages, last half hour" />
      </td>
    </tr>
  )
}

/** A number; zeros step back, so that the others are seen. */
function Amount({ id, value, text }: { readonly id: string; readonly value: number; readonly text: string }) {
  return <td className={value === 0 ? `col-${id} amount zero` : `col-${id} amount`}>{text}</td>
}
