import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { CHECKS } from '@stanchion/doctor'
import { type ExaminedServer, startExaminedServer } from '../helpers/examined-server.ts'

let server: ExaminedServer
beforeAll(async () => {
  server = await startExaminedServer()
})
afterAll(() => server?.stop())

test('every check passes on a server that is well', async () => {
  // What is watched needs time, and a disk is seen only beside an embedded Postgres.
  await server.untilPassed('queue-not-received', { notReceivedSeconds: 0 })
  const doctor = server.doctor(
    { notReceivedSeconds: 0, growthWatchedSeconds: 0 },
    { dataDisk: { path: '/data', totalBytes: 100e9, freeBytes: 50e9 }, eventLoopLagSeconds: 0.001 },
  )
  await doctor.examine()
  const { checks, findings } = await doctor.examine()
  expect(findings).toEqual([])
  expect(checks).toEqual(CHECKS.map(({ id, title }) => ({ id, title, outcome: 'passed' })))
})

const TESTS = ['./', '../../../../packages/doctor/test/'].map((path) => fileURLToPath(new URL(path, import.meta.url)))
const SOURCES = TESTS.flatMap((directory) =>
  readdirSync(directory)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(`${directory}${name}`, 'utf8')),
)

/** Whether a test provokes a finding of a check: it asks for its findings, expects one, or runs over a table of settings and ids. */
function isProvoked(id: string): boolean {
  const asked = new RegExp(
    `\\b(findings|untilFound)\\(\\s*'${id}'|\\bid: '${id}', severity: |^ +\\['\\w+', '${id}', '\\w+'\\],$`,
    'm',
  )
  const expected = new RegExp(`\\bid: '${id}',\\s+(severity|summary): `)
  return SOURCES.some((source) => asked.test(source) || expected.test(source))
}

test('every check has a test that provokes what it finds', () => {
  expect(CHECKS.map(({ id }) => id).filter((id) => !isProvoked(id))).toEqual([])
  expect(isProvoked('a-check-without-a-test')).toBe(false)
})

test('every runbook that a check names is there', () => {
  const pages = readdirSync(fileURLToPath(new URL('../../../../docs/operate/runbooks/', import.meta.url)))
  const named = CHECKS.flatMap(({ runbook }) => (runbook === undefined ? [] : [`${runbook}.md`]))
  expect(named.filter((page) => !pages.includes(page))).toEqual([])
})
