import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from '@jest/globals'
import { descendants } from '@stanchion/testing'
import { KINDS } from '../src/kinds/index.ts'
import { nameOf } from '../src/run-scenario.ts'
import type { Scenario } from '../src/scenarios.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

function start(args: readonly string[], temporary = tmpdir()): ChildProcess & { text(): string } {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
    env: { PATH: process.env.PATH, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      text += chunk
    })
  }
  return Object.assign(child, { text: () => text })
}

/** Of every kind, life and state of a queue one; a run of all takes minutes for starting their servers. */
const SAMPLE = [
  'calls of 1, 64 clients',
  'protocols, calls of 10',
  'a backlog worked off, calls of 10',
  'a transaction held',
  'everything delayed',
  'everything retried',
  'FIFO, 1M messages blocked in front',
  'from a send to a long poll',
  '10,000 idle long polls',
  'a noisy tenant, consumers that do no work',
  'a scrape of 10,000 queues',
  'seven days',
]

it('scenarios of every kind run at a small scale, and their figures are kept as JSON and as charts', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'stanchion-bench-test-'))
  const json = join(directory, 'figures.json')
  const charts = join(directory, 'charts')
  const sizes = ['--seconds', '0.1', '--rounds', '1', '--scale', '10000', '--rivals', 'none']
  const chosen = SAMPLE.flatMap((name) => ['--scenario', name])
  const child = start([...sizes, ...chosen, '--json', json, '--charts', charts])
  const [code] = await once(child, 'close')
  expect({ code, text: code === 0 ? '' : child.text() }).toEqual({ code: 0, text: '' })
  const { results } = JSON.parse(readFileSync(json, 'utf8')) as { results: Result[] }
  const drawn = readdirSync(charts)
  rmSync(directory, { recursive: true })
  expect(results.map(({ scenario }) => scenario.name)).toEqual(SAMPLE)
  expect(new Set(results.map(({ scenario }) => scenario.kind))).toEqual(new Set(Object.keys(KINDS)))
  for (const { scenario, figures, isCut } of results) {
    expect({ name: scenario.name, isCut }).toEqual({ name: scenario.name, isCut: false })
    const [entrant] = scenario.entrants
    const first = figures[nameOf(entrant as never)]?.[0]
    expect(first?.[KINDS[scenario.kind].compared]).toEqual(expect.any(Number))
  }
  // Callers that are never idle get through as much as their number and the time of a call say (Little's law).
  const [calls] = results.map(({ figures }) => figures.stanchion?.[0])
  const busy = ((calls?.messagesPerSecond ?? 0) * 3 * (calls?.p50Ms ?? 0)) / 1000
  expect(busy).toBeGreaterThan(64 / 4)
  expect(drawn).toEqual(expect.arrayContaining(['calls-of-1-64-clients-throughput.svg', 'seven-days.svg']))
}, 180_000)

interface Result {
  readonly scenario: Scenario
  readonly figures: Readonly<Record<string, readonly Readonly<Record<string, number>>[]>>
  readonly isCut: boolean
}

it.each(['SIGKILL', 'SIGTERM'] as const)(
  'a run that gets %s leaves no process and no data behind',
  async (signal) => {
    const temporary = mkdtempSync(join(tmpdir(), 'stanchion-bench-test-'))
    const load = ['--scenario', 'calls of 10, 64 clients', '--rivals', 'none', '--seconds', '0.2', '--rounds', '10000']
    const child = start(load, temporary)
    while (!/stanchion: \d+ messages/.test(child.text())) await once(child.stderr as NodeJS.ReadableStream, 'data')
    const started = descendants(child.pid as number)
    expect(started.length).toBeGreaterThan(2)
    expect(readdirSync(temporary)).not.toEqual([])
    const closed = once(child, 'close')
    child.kill(signal)
    await closed
    await until(() => started.every((pid) => !existsSync(`/proc/${pid}`)))
    expect(readdirSync(temporary)).toEqual([])
    rmSync(temporary, { recursive: true })
    if (signal === 'SIGTERM') expect(child.text()).toMatch(/\| calls of 10, 64 clients \| stanchion \|[\s\S]*cut short/)
  },
  60_000,
)

/** The test's own time is its limit. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20))
}

it.each([
  [['--seconds', '0'], '--seconds is a number above 0, and not 0'],
  [['--rounds', 'many'], '--rounds is a number above 0, and not many'],
  [['--rivals', 'some'], '--rivals is none, fetched, all'],
  [['--endpoint', 'https://example.com'], '--endpoint: an endpoint is http://host:port'],
  [['--scenario', 'nonsense'], 'no scenario is called nonsense; there are:'],
  [['--only', 'nobody'], '--only is one of stanchion;'],
  [['--protocol', 'xml'], '--protocol is json or query'],
  [['--wrong'], "Unknown option '--wrong'"],
])('%j is refused with a word on what is right', async (args, text) => {
  const child = start(args)
  const [code] = await once(child, 'close')
  expect(code).toBe(2)
  expect(child.text()).toContain(text)
  expect(child.text()).toContain('usage: npm run bench')
})
