import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { crashPostgres, killPostgres } from '../src/faults/postgres.ts'
import { killServer, pauseServer } from '../src/faults/servers.ts'
import { judge } from '../src/run/judge.ts'
import { runRound } from '../src/run/run-round.ts'
import { type System, startSystem } from '../src/system/system.ts'

const LIMITS = { acksAfterLastFaultMin: 50, overlappingClaimsMin: 10, faultsMin: 4 }

let directory: string
let system: System

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'stanchion-torture-'))
  system = await startSystem({ servers: 2, directory })
}, 60_000)

afterAll(async () => {
  await system?.stop()
  rmSync(directory, { recursive: true })
}, 60_000)

it('no promise is broken while servers and Postgres are killed, paused and crash', async () => {
  const faults = [killServer, crashPostgres, pauseServer, killPostgres]
  // A server and Postgres are away together for a while each time.
  const plan = faults.map((fault, i) => ({
    fault,
    fromRequests: 100 + i * 90,
    toRequests: 180 + i * 90,
    server: i % 4 === 0 ? 0 : 1,
    heldSecondsMax: 2,
  }))
  const historyFile = await runRound(system, {
    ...{ seed: 'short', clients: 9, requests: 500, faults, directory, plan },
  })
  const { verdicts } = judge(historyFile, LIMITS)
  expect(verdicts.filter(({ violations }) => violations.length > 0)).toEqual([])
  // Of each server three bounds are looked at; elsewhere than on Linux nobody knows what a process holds.
  const held = verdicts.find(({ checker }) => checker === 'memory and connections')
  expect(held?.checked).toBe(process.platform === 'linux' ? 6 : 0)
}, 120_000)
