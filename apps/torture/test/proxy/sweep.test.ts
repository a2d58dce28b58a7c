import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createTestDatabase, type TestDatabase } from '@stanchion/testing'
import type { Fault } from '../../src/proxy/fault.ts'
import { answersOf, requestsOf } from '../../src/proxy/postgres-proxy.ts'
import { judge } from '../../src/proxy/sweep/judge.ts'
import type { Operation } from '../../src/proxy/sweep/operation.ts'
import { OPERATIONS } from '../../src/proxy/sweep/operations.ts'
import { reportOf } from '../../src/proxy/sweep/report.ts'
import { sampleCuts } from '../../src/proxy/sweep/sample.ts'
import { type Cut, Sweep } from '../../src/proxy/sweep/sweep.ts'
import { type ServerBehindProxy, startServerBehindProxy } from '../../src/proxy/sweep/sweep-server.ts'

/** Of the whole sweep, which `npm run sweep` of this package does. */
const CUTS = 110
const SEED = 6
/** More would sort out what background duties say meanwhile, and take their time: those points are not come to, that is all. */
const DRY_RUNS = 1
const MISSED_MAX = CUTS / 5

let database: TestDatabase
let server: ServerBehindProxy
beforeAll(async () => {
  database = await createTestDatabase()
  server = await startServerBehindProxy(database.url)
}, 60_000)
afterAll(async () => {
  await server.stop()
  await database.drop()
})

describe('a connection that is cut at any message of any operation', () => {
  it('G3 G22 G23 G28 never makes an answer untrue, an effect come twice or the server stay behind', async () => {
    const sweep = new Sweep(server)
    const cuts: Cut[] = []
    for (const operation of OPERATIONS) cuts.push(...(await sweep.learn(operation, DRY_RUNS)))
    const results = []
    for (const cut of sampleCuts(cuts, CUTS, SEED)) results.push(await sweep.cut(cut))

    const report = reportOf(results)
    expect(report.violations).toEqual([])
    expect(await sweep.leftovers()).toEqual([])
    // A sweep that hardly cut anything, or never in the middle of something, would prove nothing.
    expect(report.missed.length).toBeLessThanOrEqual(MISSED_MAX)
    expect(Object.keys(report.answers).sort()).toEqual(['done', 'notDone', 'unknown'])
    expect([...report.types].sort()).toEqual([
      'backend Authentication',
      'backend BackendKeyData',
      'backend BindComplete',
      'backend CommandComplete',
      'backend DataRow',
      'backend NoData',
      'backend ParameterStatus',
      'backend ParseComplete',
      'backend ReadyForQuery',
      'backend RowDescription',
      'frontend Bind',
      'frontend Describe',
      'frontend Execute',
      'frontend Parse',
      'frontend Query',
      'frontend StartupMessage',
      'frontend Sync',
    ])
  }, 240_000)
})

/** Runs an operation with a fault. @returns what is wrong with its answer */
async function underFault(name: string, fault: Fault): Promise<string[]> {
  const operation = OPERATIONS.find((each) => each.name === name) as Operation
  const trial = await operation.prepare(server, name.replaceAll(' ', '-'))
  const armed = server.proxy.arm(fault)
  const claims = await trial.run()
  armed.disarm()
  expect(armed.isHit).toBe(true)
  await server.proxy.settled()
  return judge(claims, await trial.effects())
}

describe('found by the sweep', () => {
  const readBack = requestsOf(/^select "q"\.\*/, 'Parse')
  it.each([
    ['create a queue', readBack],
    ['update a queue', readBack],
    ['purge a queue', readBack],
  ])('G3 to %s is not answered as not done when only the reading of the result failed', async (name, matches) => {
    expect(await underFault(name, { matches, at: 'before', action: 'reset' })).toEqual([])
  })

  it('G3 to cancel a move task is not answered as not done when the answer of its statement was lost by a RST', async () => {
    const matches = answersOf(/^update "stanchion"\."move_task" set "status" = \$1, "ended_at"/, 'CommandComplete')
    expect(await underFault('cancel a move task', { matches, at: 'before', action: 'reset' })).toEqual([])
  })

  it.each([
    ['create an access key', /^INSERT INTO stanchion\.access_key/],
    ['disable an access key', /^UPDATE stanchion\.access_key/],
    ['rotate an access key', /^COMMIT/],
  ])('G3 to %s is not answered as not done when the answer of the database was lost', async (name, statement) => {
    const matches = answersOf(statement, 'CommandComplete')
    expect(await underFault(name, { matches, at: 'before', action: 'reset' })).toEqual([])
  })
})
