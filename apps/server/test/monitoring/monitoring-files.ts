import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

const ROOT = new URL('../../../../', import.meta.url)

/** A file of the repository, by its path from the root. */
export function pathOf(path: string): string {
  return fileURLToPath(new URL(path, ROOT))
}

export function readText(path: string): string {
  return readFileSync(pathOf(path), 'utf8')
}

/** The files of a directory, by their paths from the root. */
export function filesIn(directory: string, ending: string): string[] {
  return readdirSync(pathOf(directory))
    .filter((name) => name.endsWith(ending))
    .map((name) => `${directory}/${name}`)
}

export interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly description?: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly datasource?: { readonly uid: string }
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } }
  readonly targets?: readonly { readonly expr: string }[]
}

export interface Variable {
  readonly name: string
  readonly type: string
  readonly query: string | { readonly query: string }
  readonly multi?: boolean
}

export interface Dashboard {
  readonly uid: string
  readonly title: string
  readonly description: string
  readonly tags: readonly string[]
  readonly templating: { readonly list: readonly Variable[] }
  readonly panels: readonly Panel[]
}

export interface Rule {
  readonly alert?: string
  readonly record?: string
  readonly expr: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

export const DASHBOARDS: readonly Dashboard[] = filesIn('deploy/grafana/dashboards', '.json').map((path) =>
  JSON.parse(readText(path)),
)

export const RULES: readonly Rule[] = filesIn('deploy/prometheus/rules', '.yml').flatMap((path) =>
  (parse(readText(path)) as { groups: { rules: Rule[] }[] }).groups.flatMap(({ rules }) => rules),
)

export const ALERTS = RULES.filter((rule) => rule.alert !== undefined)

/** The panels that show something. */
export function queryPanels(dashboard: Dashboard): Panel[] {
  return dashboard.panels.filter(({ type }) => type !== 'row')
}

/** Every query of a dashboard, with what it is for: those of its panels, and those that its variables choose from. */
export function queriesOf(dashboard: Dashboard): { readonly where: string; readonly expr: string }[] {
  const ofPanels = queryPanels(dashboard).flatMap(({ title, targets }) =>
    (targets ?? []).map(({ expr }) => ({ where: `${dashboard.title} / ${title}`, expr })),
  )
  const ofVariables = dashboard.templating.list.flatMap(({ name, query }) => {
    const series = typeof query === 'string' ? undefined : /^label_values\((.+), \w+\)$/.exec(query.query)?.[1]
    return series === undefined ? [] : [{ where: `${dashboard.title} / $${name}`, expr: series }]
  })
  return [...ofPanels, ...ofVariables]
}

/** The series that an expression selects, each a query by itself. */
export function selectorsOf(expr: string): string[] {
  return [...withoutTexts(expr).matchAll(/[a-zA-Z_:][a-zA-Z0-9_:]*/g)]
    .filter(([name]) => isMetric(name))
    .map((match) => {
      const braces = /^\{[^}]*\}/.exec(expr.slice(match.index + match[0].length))
      return match[0] + (braces?.[0] ?? '')
    })
}

/** The names of the metrics that an expression reads. */
export function metricsOf(expr: string): string[] {
  return selectorsOf(expr).map((selector) => selector.replace(/\{.*$/s, ''))
}

function isMetric(name: string): boolean {
  return /^(stanchion_|process_|nodejs_|job_account_queue:)/.test(name) || name === 'up' || name === 'ALERTS'
}

/** Blanks what stands in quotes, so that places stay the same. */
function withoutTexts(expr: string): string {
  return expr.replaceAll(/"[^"]*"/g, (text) => ' '.repeat(text.length))
}
