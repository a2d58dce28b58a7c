import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from '@jest/globals'
import { SCENARIOS } from '../src/scenarios.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

it('every scenario runs, for a moment and on a small scale, and its figures are kept as JSON', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'stanchion-bench-test-'))
  const json = join(directory, 'figures.json')
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      MAIN,
      '--seconds',
      '0.2',
      '--rounds',
      '1',
      '--scale',
      '1000',
      '--json',
      json,
    ],
    { env: { PATH: process.env.PATH } },
  )
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const [code] = await once(child, 'close')
  expect({ code, errors: code === 0 ? '' : errors }).toEqual({ code: 0, errors: '' })
  const { results, fairness, scrapes } = JSON.parse(readFileSync(json, 'utf8'))
  rmSync(directory, { recursive: true })
  expect(results.map(({ figures }: { figures: object }) => Object.keys(figures)[0])).toEqual(
    SCENARIOS.map(() => 'stanchion'),
  )
  expect(scrapes[0]).toMatchObject({ seconds: expect.any(Number), series: expect.any(Number) })
  expect(Object.keys(fairness)).toContain('beside a noisy one')
  for (const { name } of SCENARIOS) expect(output).toContain(`| ${name} | stanchion |`)
}, 120_000)
