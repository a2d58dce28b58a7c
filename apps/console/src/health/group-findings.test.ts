import { describe, expect, it } from '@jest/globals'
import { groupFindings } from './group-findings.ts'

describe('findings of the doctor', () => {
  it('stand by severity, the worst first, in the order the doctor gave them', () => {
    const findings = [
      { id: 'a', severity: 'note' },
      { id: 'b', severity: 'critical' },
      { id: 'c', severity: 'note' },
    ] as const
    expect(groupFindings(findings)).toEqual([
      { severity: 'critical', findings: [findings[1]] },
      { severity: 'note', findings: [findings[0], findings[2]] },
    ])
    expect(groupFindings([])).toEqual([])
  })
})
