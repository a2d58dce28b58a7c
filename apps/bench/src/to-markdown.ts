import type { Figures } from './life-cycle.ts'
import type { ScenarioResult } from './run-scenario.ts'

/** The report: medians over the rounds, ratios to Stanchion's contenders in the same run. */
export function toMarkdown(results: readonly ScenarioResult[], rawPerSecond: number): string {
  const lines = [
    `Raw Postgres (insert, update, delete by key, 100 a statement, 4 connections): ${Math.round(rawPerSecond)} messages/s`,
    '',
    '| scenario | contender | messages/s | Stanchion is | p50 ms | p99 ms | server µs | Postgres µs | client µs |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
  ]
  const notes: string[] = []
  for (const { scenario, figures, checks } of results) {
    const ours = median(figures.get('stanchion'), 'messagesPerSecond')
    for (const [name, rounds] of figures) {
      const perSecond = median(rounds, 'messagesPerSecond')
      const cells = [
        scenario.name,
        name,
        String(Math.round(perSecond)),
        name === 'stanchion' ? '' : `${(ours / perSecond).toFixed(2)}×`,
        median(rounds, 'p50Ms').toFixed(1),
        median(rounds, 'p99Ms').toFixed(1),
        ...(['serverUs', 'postgresUs', 'clientUs'] as const).map((key) => median(rounds, key).toFixed(0)),
      ]
      lines.push(`| ${cells.join(' | ')} |`)
    }
    if (scenario.callSize > 1) notes.push(`- ${scenario.name}: ${(ours / rawPerSecond).toFixed(2)} of raw Postgres`)
    const checked = median(figures.get('stanchion, signatures checked'), 'messagesPerSecond')
    const ignored = median(figures.get('stanchion, signatures ignored'), 'messagesPerSecond')
    if (checked > 0) {
      notes.push(`- ${scenario.name}: with signatures checked ${(checked / ignored).toFixed(2)} of them ignored`)
    }
    for (const [name, { orderViolations, acceptedDuplicates, repeatedSends }] of checks) {
      notes.push(
        `- ${scenario.name}, ${name}: ${orderViolations} order violations, ${acceptedDuplicates} duplicates accepted of ${repeatedSends}`,
      )
    }
    if (scenario.holdsTransaction) {
      const tenths = figures.get('stanchion')?.at(-1)?.tenths ?? []
      notes.push(
        `- ${scenario.name}: last tenth of the last round ${((tenths[9] ?? 0) / (tenths[0] ?? 1)).toFixed(2)} of its first`,
      )
    }
  }
  return `${[...lines, '', ...notes].join('\n')}\n`
}

function median(rounds: readonly Figures[] | undefined, key: Exclude<keyof Figures, 'tenths'>): number {
  const values = (rounds ?? []).map((figures) => figures[key]).sort((a, b) => a - b)
  return values[values.length >> 1] ?? Number.NaN
}
