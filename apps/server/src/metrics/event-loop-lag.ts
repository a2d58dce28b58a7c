import { Histogram } from 'prom-client'
import type { Define } from './define.ts'

const INTERVAL_MS = 100
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]

/**
 * Measures how late the event loop runs what is due: what every request of this node waits beside its own work. A histogram, so that
 * nodes add up and several collectors do not disturb each other, which the gauges of Node's default metrics do. Returns what ends it.
 */
export function measureEventLoopLag(define: Define): () => void {
  const lag = new Histogram({ ...define('stanchion_event_loop_lag_seconds'), buckets: BUCKETS })
  let dueAtMs = performance.now() + INTERVAL_MS
  const timer = setInterval(() => {
    const nowMs = performance.now()
    lag.observe(Math.max(0, nowMs - dueAtMs) / 1000)
    dueAtMs = nowMs + INTERVAL_MS
  }, INTERVAL_MS)
  timer.unref()
  return () => clearInterval(timer)
}
