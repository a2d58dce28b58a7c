import { judgeGoals } from '../goals.ts'
import { KINDS } from '../kinds/index.ts'
import type { Column, Kind } from '../kinds/kind.ts'
import { median } from '../measure/quantile.ts'
import type { ScenarioResult } from '../run-scenario.ts'

/** The report: a table for each kind of scenario with medians over the rounds, and one of the goals. */
export function toMarkdown(results: readonly ScenarioResult[]): string {
  const tables = Object.entries(KINDS).flatMap(([name, kind]) => {
    const its = results.filter(({ scenario }) => scenario.kind === name)
    return its.length === 0 ? [] : [toTable(kind, its)]
  })
  return `${[...tables, ...notes(results), ...goals(results)].join('\n\n')}\n`
}

function toTable({ columns, compared, isLessBetter }: Kind<never>, results: readonly ScenarioResult[]): string {
  const title = isLessBetter ? 'the first is, of it' : 'the first is'
  const head = ['scenario', 'who', ...columns.map((column) => column.title), title]
  const rows = results.flatMap(({ scenario, figures }) => {
    const [firstName] = figures.keys()
    return [...figures].map(([name, rounds]) => {
      const values = new Map(columns.map(({ key }) => [key, median(rounds.map((round) => round[key] ?? Number.NaN))]))
      const ratios = rounds.map((round, i) => {
        const first = figures.get(firstName ?? '')?.[i]
        return (first?.[compared] ?? Number.NaN) / (round[compared] ?? Number.NaN)
      })
      return [
        scenario.name,
        name,
        ...columns.map((column) => cell(column, values.get(column.key) ?? Number.NaN)),
        name === firstName ? '' : `${median(ratios).toFixed(2)}×`,
      ]
    })
  })
  return [
    `| ${head.join(' | ')} |`,
    `| --- | --- | ${[...columns, title].map(() => '---:').join(' | ')} |`,
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
  ].join('\n')
}

function cell({ digits }: Column, value: number): string {
  return Number.isFinite(value)
    ? value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
    : '–'
}

/** What the tables do not say: who was not there, what the checks of FIFO queues saw, what was cut short. */
function notes(results: readonly ScenarioResult[]): string[] {
  const lines = results.flatMap(({ scenario, figures, missing, isCut }) => [
    ...(isCut ? [`- ${scenario.name}: cut short.`] : []),
    ...[...missing].map(([name, why]) => `- ${scenario.name}, ${name}: skipped, ${why}.`),
    ...[...figures].flatMap(([name, rounds]) => {
      const last = rounds.at(-1)
      if (last?.orderViolations === undefined) return []
      return [
        `- ${scenario.name}, ${name}: ${last.orderViolations} order violations, ` +
          `${last.acceptedDuplicates} duplicates accepted of ${last.repeatedSends}.`,
      ]
    }),
  ])
  return lines.length === 0 ? [] : [lines.join('\n')]
}

function goals(results: readonly ScenarioResult[]): string[] {
  const outcomes = judgeGoals(results)
  if (outcomes.length === 0) return []
  const words = { aim: 'aim reached', must: 'reached', missed: 'missed' }
  return [
    [
      '| goal | must | aim | seen | |',
      '| --- | ---: | ---: | ---: | --- |',
      ...outcomes.map(({ goal, seen, outcome }) => {
        const digits = seen >= 20 ? 0 : 2
        return `| ${goal.figure} | ${goal.must} | ${goal.aim} | ${seen.toFixed(digits)} | ${words[outcome]} |`
      }),
    ].join('\n'),
  ]
}
