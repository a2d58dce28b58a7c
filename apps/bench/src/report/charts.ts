import { median } from '../measure/quantile.ts'
import type { ScenarioResult } from '../run-scenario.ts'
import type { Scenario } from '../scenarios.ts'
import { drawBars } from './draw-bars.ts'
import { drawLines } from './draw-lines.ts'

/** The charts of a run by their file names; only those whose figures it has. */
export function drawCharts(results: readonly ScenarioResult[]): ReadonlyMap<string, string> {
  const charts = new Map<string, string>()
  for (const { scenario, figures } of results) {
    if (scenario.kind === 'space') {
      const rounds = [...figures.values()][0] ?? []
      const of = (key: string) => rounds.map((round) => round[key] ?? Number.NaN)
      charts.set(
        `${fileName(scenario)}.svg`,
        drawLines({
          title: scenario.name,
          unit: 'megabytes',
          places: of('days'),
          placeUnit: 'days of the database clock',
          lines: [
            { label: 'bodies sent so far', values: of('sentMegabytes') },
            { label: 'database', values: of('diskMegabytes') },
            { label: 'log', values: of('logMegabytes') },
          ],
        }),
      )
    }
    if (scenario.kind !== 'load' || figures.size < 2) continue
    const of = (name: string, key: string) => median((figures.get(name) ?? []).map((round) => round[key] ?? Number.NaN))
    const names = [...figures.keys()]
    const file = fileName(scenario)
    charts.set(
      `${file}-throughput.svg`,
      drawBars({
        title: scenario.name,
        unit: 'messages a second',
        legend: [],
        bars: names.map((label) => ({ label, parts: [of(label, 'messagesPerSecond')] })),
      }),
    )
    charts.set(
      `${file}-cpu.svg`,
      drawBars({
        title: scenario.name,
        unit: 'µs of CPU a message',
        legend: ['server', 'Postgres', 'client'],
        bars: names.map((label) => ({
          label,
          parts: [of(label, 'serverUs'), of(label, 'postgresUs'), of(label, 'clientUs')],
        })),
      }),
    )
  }
  return charts
}

function fileName({ name }: Scenario): string {
  return name.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase()
}
