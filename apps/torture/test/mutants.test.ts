import { describe, expect, it } from '@jest/globals'
import { migrate } from '@stanchion/queue'
import { createTestDatabase } from '@stanchion/testing'
import pg from 'pg'
import { hunt, runTrial } from '../src/mutants/hunt.ts'
import { MUTANTS } from '../src/mutants/index.ts'
import { delaysIgnored } from '../src/mutants/list/delays-ignored.ts'
import { unsignedHandles } from '../src/mutants/list/unsigned-handles.ts'
import { patchesOf, sourcePatchesOf } from '../src/mutants/mutant.ts'
import { patchDatabase } from '../src/mutants/patch-database.ts'
import { patchSources } from '../src/mutants/patch-sources.ts'

/** Long enough for several times the delayed messages and the overlapping claims that are needed. */
const SETTINGS = { seed: 'mutants', clients: 8, requests: 450, servers: 1 }

describe('every mutant fits the server as it is', () => {
  it.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))('sources: %s', (_, mutant) => {
    expect(() => patchSources(sourcePatchesOf(patchesOf(mutant)))).not.toThrow()
  })

  it('functions', async () => {
    const database = await createTestDatabase()
    await migrate(database.url)
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    for (const mutant of MUTANTS) {
      // Those of Postgres are everybody's here.
      if (mutant.patches.some((patch) => 'settings' in patch)) continue
      await client.query('BEGIN')
      await patchDatabase(client, patchesOf(mutant))
      await client.query('ROLLBACK')
    }
    await client.end()
    await database.drop()
  })
})

it('checkers see a mutant of the database and one of the sources, and nothing in the server as it is', async () => {
  const [ofDatabase, ofSources, unchanged] = await Promise.all([
    hunt(delaysIgnored, SETTINGS, 1),
    hunt(unsignedHandles, SETTINGS, 1),
    runTrial(
      { ...SETTINGS, faults: [], traps: [], drain: {} },
      { acksAfterLastFaultMin: 50, overlappingClaimsMin: 5, faultsMin: 0 },
    ),
  ])
  expect(ofDatabase.catches.map(({ checker }) => checker)).toContain('delays')
  expect(ofSources.catches.map(({ checker }) => checker)).toContain('handles')
  expect(unchanged.verdicts.filter(({ violations }) => violations.length > 0)).toEqual([])
}, 120_000)
