import { describe, expect, it } from '@jest/globals'
import type { Facts } from '../src/facts/facts.ts'
import { Settings } from '../src/facts/read-settings.ts'
import { runChecks } from '../src/run-checks.ts'

/** Facts of which only the settings are known. */
function factsOf(settings: Settings): Facts {
  const unknown = { unknown: 'it is not said' }
  return {
    ...{ connection: unknown, database: unknown, connections: unknown, sessions: unknown, lockWaits: unknown },
    ...{ preparedTransactions: unknown, replicationSlots: unknown, archiver: unknown, tables: unknown },
    ...{ service: unknown, queues: unknown, node: unknown, growth: unknown, settings: { value: settings } },
  }
}

/** Servers of these versions are not at hand, so their settings stand in for them. */
function findings(id: string, version: string, number: string) {
  const settings = new Settings(
    new Map([
      ['server_version', { value: version, source: 'default' }],
      ['server_version_num', { value: number, source: 'default' }],
    ]),
  )
  const { findings: found } = runChecks(factsOf(settings), new Date())
  return found.filter((finding) => finding.id === id)
}

describe('version-unsupported', () => {
  it.each([
    ['15.0', '150000'],
    ['18.4', '180004'],
  ])('%s is fine', (version, number) => {
    expect(findings('version-unsupported', version, number)).toEqual([])
  })

  it('an older one is critical, since no server starts on it', () => {
    expect(findings('version-unsupported', '14.20', '140020')).toMatchObject([
      { severity: 'critical', summary: expect.stringContaining('is of version 14.20: statements need 15 or newer') },
    ])
  })

  it('a newer one is a note', () => {
    expect(findings('version-unsupported', '19.1', '190001')).toMatchObject([
      { severity: 'note', summary: expect.stringContaining('tried with 15 to 18 alone') },
    ])
  })
})
