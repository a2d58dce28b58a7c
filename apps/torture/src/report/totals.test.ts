import { expect, it } from '@jest/globals'
import type { Judgement } from '../run/judge.ts'
import { Totals } from './totals.ts'

const verdict = (checker: string, violations: number) => ({
  ...{ checker, promises: ['G1'], checked: 10 },
  violations: Array.from({ length: violations }, (_, i) => ({ text: `violation ${i}`, requests: [i] })),
})

const judgement = (faults: readonly string[], lost: number, voids: number): Judgement => ({
  ...{ requests: 100, faults, rests: [] },
  operations: { acknowledged: 250, refused: 20, unknown: 3 },
  verdicts: [verdict('lost messages', lost), verdict('not void', voids)],
})

it('a run ends with what was done, what came of it, and what was looked at', () => {
  const totals = new Totals()
  totals.add(judgement(['kill-server', 'kill-postgres'], 0, 0))
  totals.add(judgement(['kill-server'], 2, 0))
  totals.add(judgement([], 0, 1))
  expect(totals.toText().split('\n')).toEqual([
    'operations  819, of which 750 acknowledged, 60 refused, 9 unknown',
    'requests    300',
    'faults      3',
    'rounds      3, of which 2 red, 1 void',
    'violations  3',
    'checkers',
    expect.stringMatching(/lost messages +G1 +30 looked at {2}2 VIOLATIONS/),
    expect.stringMatching(/not void +G1 +30 looked at {2}1 VIOLATIONS/),
    'faults by kind',
    expect.stringMatching(/kill-server +2$/),
    expect.stringMatching(/kill-postgres +1$/),
  ])
})
