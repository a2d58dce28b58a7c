import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { createTestDatabase, type TestDatabase } from '@stanchion/testing'
import { CASES } from '../src/cases/index.ts'
import { judge } from '../src/judge.ts'
import { gapsOf, KNOWN_GAPS } from '../src/known-gaps.ts'
import { failureText } from '../src/report/to-text.ts'
import { runCases } from '../src/run-cases.ts'
import { type LocalServer, startLocalServer } from '../src/start-local-server.ts'

// All cases run in one test, at the same time as other tests.
jest.setTimeout(180_000)

let database: TestDatabase
let server: LocalServer

beforeAll(async () => {
  database = await createTestDatabase()
  server = await startLocalServer(database.url)
})

afterAll(async () => {
  await server.stop()
  await database.drop()
})

describe('a server process', () => {
  it('keeps every rule of SQS but those that are known gaps, over both protocols', async () => {
    const { accessKeyId, secretAccessKey } = server
    const target = { endpoint: server.url, region: 'us-east-1', accessKeyId, secretAccessKey }
    const results = await runCases({ target, cases: CASES, gaps: gapsOf('relaxed'), concurrency: 16 })
    const { failed, staleGaps, passed } = judge(results, gapsOf('relaxed'))
    expect(failed.map(failureText)).toEqual([])
    expect(staleGaps).toEqual([])
    expect(passed.length).toBeGreaterThan(300)
  })
})

describe('a server process with STANCHION_COMPAT=strict', () => {
  it('refuses what Amazon refuses for reasons of its own', async () => {
    const own = await createTestDatabase()
    const strict = await startLocalServer(own.url, 'strict')
    try {
      const { url: endpoint, accessKeyId, secretAccessKey } = strict
      const target = { endpoint, region: 'us-east-1', accessKeyId, secretAccessKey }
      const cases = CASES.filter(({ feature }) => feature === 'strict')
      const results = await runCases({ target, cases, gaps: gapsOf('strict'), concurrency: 4 })
      expect(judge(results, gapsOf('strict')).failed.map(failureText)).toEqual([])
      expect(results.length).toBeGreaterThan(20)
    } finally {
      await strict.stop()
      await own.drop()
    }
  })
})

describe('the list of cases', () => {
  it('gives every case a name of its own', () => {
    const names = CASES.map(({ name }) => name)
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
  })

  it('has every case that a known gap names', () => {
    const names = new Set(CASES.map(({ name }) => name))
    expect(KNOWN_GAPS.filter((gap) => 'case' in gap && !names.has(gap.case))).toEqual([])
  })
})
