import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { cutPower } from '../src/faults/disk.ts'
import { type Fault, PLAIN_RUN } from '../src/faults/fault.ts'
import { cancelStatements, terminateSessions } from '../src/faults/sessions.ts'
import { judge } from '../src/run/judge.ts'
import { runRound } from '../src/run/run-round.ts'
import { type System, startSystem } from '../src/system/system.ts'

const FAULTS: readonly Fault[] = [terminateSessions, cutPower, cancelStatements].filter(
  (fault) => fault.needs?.(PLAIN_RUN) === undefined,
)
/** Long enough for three times the overlapping claims that are needed: one in forty requests is one. */
const REQUESTS = 900
const LIMITS = { acksAfterLastFaultMin: 50, overlappingClaimsMin: 10, faultsMin: FAULTS.length }

let directory: string
let system: System

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'stanchion-torture-'))
  system = await startSystem({ servers: 1, directory, faults: FAULTS })
}, 60_000)

afterAll(async () => {
  await system?.stop()
  rmSync(directory, { recursive: true })
}, 60_000)

it('no promise is broken while the database loses its power, its sessions and its statements', async () => {
  const plan = FAULTS.map((fault, i) => ({ fault, fromRequests: 60 + i * 60, toRequests: 90 + i * 60, server: 0 }))
  const historyFile = await runRound(system, {
    ...{ seed: 'database', clients: 8, requests: REQUESTS, faults: FAULTS, directory, plan },
  })
  const { verdicts } = judge(historyFile, LIMITS)
  expect(verdicts.filter(({ violations }) => violations.length > 0)).toEqual([])
}, 120_000)
