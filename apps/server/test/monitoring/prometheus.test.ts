import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { startTestServer, type TestServer } from '../helpers/start-test-server.ts'
import { findProgram } from './find-program.ts'
import { Load } from './load.ts'
import { DASHBOARDS, pathOf, queriesOf, RULES, readText, selectorsOf } from './monitoring-files.ts'
import { type Prometheus, startPrometheus } from './start-prometheus.ts'

const PROMETHEUS = findProgram('prometheus')
const PROMTOOL = findProgram('promtool')
/** On machines without Prometheus these are skipped; jest counts them, and `.ci/run` says why. */
const withPromtool = PROMTOOL === undefined ? describe.skip : describe
const withPrometheus = PROMETHEUS === undefined ? describe.skip : describe

/** What happened to messages, as the metrics count it. Nothing expires: that takes a minute at least. */
const TOTALS = [
  ...['messages_sent', 'messages_received', 'messages_redelivered', 'messages_released', 'messages_deleted'],
  ...['messages_moved', 'messages_dead_lettered', 'duplicates_refused', 'empty_receives', 'leases_expired'],
]

let server: TestServer
let load: Load
beforeAll(async () => {
  server = await startTestServer({ STANCHION_STATISTICS_INTERVAL_MS: '200' })
  load = await Load.start(server.url, 'orders')
}, 60_000)
afterAll(async () => {
  await load?.stop()
  await server?.stop()
})

describe('the load', () => {
  it('is one in which everything happens', async () => {
    let missing = TOTALS
    while (missing.length > 0) {
      await load.hasRun()
      const text = await (await fetch(`${server.url}/metrics`)).text()
      missing = missing.filter((name) => !new RegExp(`^stanchion_${name}_total\\{.+\\} [1-9]`, 'm').test(text))
    }
  }, 60_000)
})

withPromtool('promtool', () => {
  const run = (...args: string[]) => promisify(execFile)(PROMTOOL as string, args)

  it('finds the configuration and the rules in order', async () => {
    await run('check', 'config', pathOf('deploy/prometheus/prometheus.yml'))
  })

  it('sees every alert fire when it should, and not when it should not', async () => {
    await run('test', 'rules', pathOf('deploy/prometheus/tests/alerts.test.yml'))
  })

  it('has no fault to find with what a server under load answers', async () => {
    await load.hasRun()
    const input = await (await fetch(`${server.url}/metrics`)).text()
    const { status, stdout, stderr } = spawnSync(PROMTOOL as string, ['check', 'metrics'], { input, encoding: 'utf8' })
    expect([status, stdout, stderr]).toEqual([0, '', ''])
  })
})

withPrometheus('a Prometheus that reads a server under load, with the supplied rules', () => {
  let prometheus: Prometheus
  let url: string

  beforeAll(async () => {
    const config = parse(readText('deploy/prometheus/prometheus.yml'))
    config.global = { scrape_interval: '1s', evaluation_interval: '1s' }
    config.rule_files = [pathOf('deploy/prometheus/rules/*.yml')]
    config.scrape_configs[0].static_configs[0].targets = [server.url.replace('http://', '')]
    prometheus = await startPrometheus(PROMETHEUS as string, config)
    url = prometheus.url
  }, 60_000)
  afterAll(() => prometheus?.stop())

  /** How many series a query answers; an error of Prometheus fails. */
  async function countSeries(expr: string): Promise<number> {
    const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: expr })}`)
    const { status, data, error } = (await response.json()) as Record<string, unknown>
    if (status !== 'success') throw new Error(`${error} in ${expr}`)
    return ((data as { result: unknown[] }).result ?? []).length
  }

  /** Asks until every query has series; after a minute, fails with those that have none. */
  async function untilAllHaveSeries(queries: readonly { where: string; expr: string }[]): Promise<void> {
    const endsAtMs = performance.now() + 60_000
    let missing = queries
    while (missing.length > 0 && performance.now() < endsAtMs) {
      const counts = await Promise.all(missing.map(({ expr }) => countSeries(expr)))
      missing = missing.filter((_, i) => counts[i] === 0)
      await load.hasRun()
    }
    expect(missing).toEqual([])
  }

  it('answers every query of every dashboard, its variables filled as Grafana fills them', async () => {
    const values: Record<string, string> = {
      job: 'stanchion',
      account: '000000000000',
      queue: load.queue,
      door: '.*',
      operation: '.*',
      __rate_interval: '15s',
    }
    const fill = (expr: string) => expr.replaceAll(/\$(\w*[a-z]\w*)/g, (_, name) => values[name] as string)
    const queries = DASHBOARDS.flatMap(queriesOf).map(({ where, expr }) => ({ where, expr: fill(expr) }))
    await untilAllHaveSeries(queries)
    // All queues at once, as the overview does it.
    values.queue = '.*'
    values.account = '.*'
    const ofAll = DASHBOARDS.filter(({ uid }) => uid !== 'stanchion-queue').flatMap(queriesOf)
    await untilAllHaveSeries(ofAll.map(({ where, expr }) => ({ where, expr: fill(expr) })))
  }, 150_000)

  it('knows every series that a rule reads, and records what is to be recorded', async () => {
    const queries = RULES.flatMap(({ alert, record, expr }) => [
      ...selectorsOf(expr).map((selector) => ({ where: (alert ?? record) as string, expr: selector })),
      ...(record === undefined ? [] : [{ where: record, expr: record }]),
    ])
    await untilAllHaveSeries(queries)
  }, 90_000)

  it('evaluates every rule without an error, and none of them says that something is broken', async () => {
    const { data } = (await (await fetch(`${url}/api/v1/rules`)).json()) as {
      data: { groups: { rules: { name: string; health: string; state?: string; labels?: Record<string, string> }[] }[] }
    }
    const rules = data.groups.flatMap((group) => group.rules)
    expect(rules).toHaveLength(RULES.length)
    for (const { name, health } of rules) expect([name, health]).toEqual([name, 'ok'])
    const broken = rules.filter(({ state, labels }) => state === 'firing' && labels?.severity === 'critical')
    expect(broken).toEqual([])
  })
})
