import { existsSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { METRICS } from '../../src/metrics/index.ts'
import {
  ALERTS,
  DASHBOARDS,
  filesIn,
  metricsOf,
  pathOf,
  queriesOf,
  queryPanels,
  RULES,
  readText,
} from './monitoring-files.ts'

/** What Prometheus and Node's default metrics add to ours. */
const OTHERS = ['up', 'ALERTS', 'process_cpu_seconds_total', 'process_resident_memory_bytes']

const RECORDED = RULES.flatMap(({ record }) => record ?? [])

function isKnown(metric: string): boolean {
  const base = metric.replace(/_(bucket|sum|count)$/, '')
  return [...Object.keys(METRICS), ...RECORDED, ...OTHERS].some((name) => name === metric || name === base)
}

describe('the dashboards', () => {
  it('are five, each under an address of its own', () => {
    const uids = DASHBOARDS.map(({ uid }) => uid)
    expect(new Set(uids).size).toBe(5)
    for (const { title, description, tags } of DASHBOARDS) {
      expect(title).toMatch(/^Stanchion: /)
      expect(description).toMatch(/\?$/)
      expect(tags).toEqual(['stanchion'])
    }
  })

  describe.each(DASHBOARDS.map((dashboard) => [dashboard.title, dashboard] as const))('%s', (_, dashboard) => {
    it('says of every panel what it shows and in which unit, from the data source that was chosen', () => {
      for (const { title, description, fieldConfig, datasource, targets } of queryPanels(dashboard)) {
        expect([title, description]).toEqual([title, expect.stringMatching(/^.{20,}[.:]$/)])
        expect([title, fieldConfig?.defaults.unit]).toEqual([title, expect.stringMatching(/./)])
        expect([title, datasource?.uid]).toEqual([title, expect.stringMatching(/^\$\{datasource\}$/)])
        expect(targets?.length).toBeGreaterThan(0)
      }
    })

    it('asks for metrics that exist, by variables that exist', () => {
      const variables = [...dashboard.templating.list.map(({ name }) => name), '__rate_interval']
      for (const { where, expr } of queriesOf(dashboard)) {
        expect([where, metricsOf(expr)]).not.toEqual([where, []])
        for (const metric of metricsOf(expr)) expect([where, metric, isKnown(metric)]).toEqual([where, metric, true])
        for (const [, name] of expr.matchAll(/\$(\w*[a-z]\w*)/g)) expect(variables).toContain(name)
      }
    })

    it('keeps its panels apart, and leads to dashboards that exist', () => {
      const taken = new Set<string>()
      for (const { id, gridPos } of dashboard.panels) {
        expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24)
        const cells = Array.from({ length: gridPos.w * gridPos.h }, (_, i) => {
          const [x, y] = [gridPos.x + (i % gridPos.w), gridPos.y + Math.floor(i / gridPos.w)]
          return `${x},${y}`
        })
        for (const cell of [...cells, `panel ${id}`]) {
          expect(taken).not.toContain(cell)
          taken.add(cell)
        }
      }
      const uids = DASHBOARDS.map(({ uid }) => uid)
      for (const [, uid] of JSON.stringify(dashboard).matchAll(/\/d\/([\w-]+)\?/g)) expect(uids).toContain(uid)
    })
  })
})

describe('the alerts', () => {
  it('read metrics that exist, as do the recorded series', () => {
    for (const { alert, record, expr } of RULES) {
      for (const metric of metricsOf(expr)) expect([alert ?? record, metric, isKnown(metric)]).toContain(true)
    }
  })

  it.each(ALERTS.map((rule) => [rule.alert as string, rule] as const))(
    '%s has a severity, texts and a runbook',
    (_, rule) => {
      expect(['warning', 'critical']).toContain(rule.labels?.severity)
      expect(rule.annotations).toEqual({
        summary: expect.stringMatching(/./),
        description: expect.stringMatching(/\.$/),
        runbook: expect.stringMatching(/^docs\/operate\/runbooks\/[a-z-]+\.md$/),
      })
      const page = readText(rule.annotations?.runbook as string)
      expect(page).toContain(`\`${rule.alert}\``)
      expect(page.match(/^## .+$/gm)).toEqual(['## What it means', '## Look here', '## Do this'])
    },
  )

  it('are all in the table of docs/operate/monitoring.md, with their runbooks, and there is no other runbook', () => {
    const rows = [
      ...readText('docs/operate/monitoring.md').matchAll(/^\| `(Stanchion\w+)` .*\]\((runbooks\/[\w-]+\.md)\)/gm),
    ]
    expect(rows.map(([, alert, runbook]) => [alert, `docs/operate/${runbook}`])).toEqual(
      ALERTS.map(({ alert, annotations }) => [alert, annotations?.runbook]),
    )
    expect(filesIn('docs/operate/runbooks', '.md').sort()).toEqual(
      ALERTS.map(({ annotations }) => annotations?.runbook as string).sort(),
    )
  })

  it('each have a test in which they fire and one in which they do not', () => {
    const { tests } = parse(readText('deploy/prometheus/tests/alerts.test.yml')) as {
      tests: { alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] }[]
    }
    const cases = tests.flatMap((test) => test.alert_rule_test)
    for (const { alert } of ALERTS) {
      const counts = cases.filter(({ alertname }) => alertname === alert).map(({ exp_alerts }) => exp_alerts.length > 0)
      expect([alert, new Set(counts)]).toEqual([alert, new Set([true, false])])
    }
  })
})

describe('docker-compose.yml', () => {
  const { services } = parse(readText('docker-compose.yml')) as {
    services: Record<string, { volumes?: string[]; environment?: Record<string, string>; command?: string[] }>
  }
  /** Where the services see files of the repository. */
  const mounts = Object.values(services)
    .flatMap(({ volumes }) => volumes ?? [])
    .filter((volume) => volume.startsWith('./'))
    .map((volume) => volume.split(':') as [string, string])

  /** The file of the repository that a service sees under this path. */
  function inRepository(path: string): string | undefined {
    const mount = mounts.find(([, target]) => path === target || path.startsWith(`${target}/`))
    return mount && path.replace(mount[1], mount[0])
  }

  it('gives Prometheus and Grafana files that exist, the rules among them', () => {
    for (const [source] of mounts) expect([source, existsSync(pathOf(source))]).toEqual([source, true])
    const config = services.prometheus?.command?.find((option) => option.startsWith('--config.file='))?.split('=')[1]
    const found = inRepository(config as string) as string
    expect(existsSync(pathOf(found))).toBe(true)
    const [rules] = (parse(readText(found)) as { rule_files: string[] }).rule_files
    expect(rules).toBe('rules/*.yml')
    expect(inRepository((config as string).replace('prometheus.yml', 'rules'))).toBe('./deploy/prometheus/rules')
  })

  it('provisions the data source and the dashboards, and opens the overview', () => {
    const grafana = services.grafana?.environment ?? {}
    expect(
      existsSync(pathOf(inRepository(grafana.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH as string) as string)),
    ).toBe(true)
    const { providers } = parse(readText('deploy/grafana/provisioning/dashboards/stanchion.yml'))
    expect(inRepository(providers[0].options.path)).toBe('./deploy/grafana/dashboards')
    expect(inRepository('/etc/grafana/provisioning')).toBe('./deploy/grafana/provisioning')
    const { datasources } = parse(readText('deploy/grafana/provisioning/datasources/prometheus.yml'))
    expect(datasources[0]).toMatchObject({ type: 'prometheus', url: 'http://127.0.0.1:9090', isDefault: true })
  })
})
