import type { Depths } from '../health/queue-problems.ts'
import { formatCompact, formatNumber } from './format.ts'

/** How many messages are in which state, beside the colours that stand for them. */
export function StateLegend({ depths }: { readonly depths: Depths }) {
  return (
    <div className="state-legend numbers">
      <Part state="ready" count={depths.visible} />
      <Part state="leased" count={depths.inFlight} />
      <Part state="delayed" count={depths.delayed} />
    </div>
  )
}

function Part({ state, count }: { readonly state: string; readonly count: number }) {
  return (
    <span className="state-legend-part">
      <span className={`dot fill-${state}`} aria-hidden />
      <b>{count < 100_000 ? formatNumber(count) : formatCompact(count)}</b> {state}
    </span>
  )
}
