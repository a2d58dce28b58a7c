import type { Registry } from 'prom-client'
import { METRICS, type MetricName } from './names.ts'

/** What every metric of prom-client is made with. */
export type Define = <L extends string>(
  name: MetricName,
  ...labelNames: L[]
) => { name: string; help: string; labelNames: L[]; registers: Registry[] }

/** Takes the sentences of metrics from the table, and puts the metrics into this registry. */
export function defineIn(registry: Registry): Define {
  return (name, ...labelNames) => ({ name, help: METRICS[name], labelNames, registers: [registry] })
}
