import { type Depths, storedMessages } from '../health/queue-problems.ts'
import { formatNumber } from './format.ts'

interface DepthBarProps {
  readonly depths: Depths
  /** How many messages fill the whole width. Absent: those that there are. */
  readonly full?: number | undefined
}

const PARTS = [
  ['visible', 'ready'],
  ['inFlight', 'leased'],
  ['delayed', 'delayed'],
] as const

/** Messages by state as one bar. Its length grows with the root of the number, so that small queues are seen beside large ones. */
export function DepthBar({ depths, full }: DepthBarProps) {
  const stored = storedMessages(depths)
  const share = full === undefined || full === 0 ? 1 : Math.sqrt(stored / full)
  const label = PARTS.map(([member, state]) => `${formatNumber(depths[member])} ${state}`).join(', ')
  return (
    <div className="depth-bar" role="img" aria-label={label}>
      {stored > 0 && (
        <div className="depth-bar-fill" style={{ width: `${Math.max(2, share * 100)}%` }}>
          {PARTS.map(
            ([member, state]) =>
              depths[member] > 0 && (
                <span key={state} className={`depth-part fill-${state}`} style={{ flexGrow: depths[member] }} />
              ),
          )}
        </div>
      )}
    </div>
  )
}
