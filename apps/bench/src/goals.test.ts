import { expect, it } from '@jest/globals'
import { GOALS, judgeGoals } from './goals.ts'
import { nameOf, type ScenarioResult } from './run-scenario.ts'
import { SCENARIOS } from './scenarios.ts'

it('every goal names a scenario, and entrants that take part in it', () => {
  for (const { figure, scenario, against = [] } of GOALS) {
    const found = SCENARIOS.find(({ name }) => name === scenario)
    const names = found?.entrants.map((entrant) => nameOf(entrant))
    expect({ figure, names }).toEqual({ figure, names: expect.arrayContaining([...against]) })
  }
})

const rounds = (...values: number[]) => values.map((messagesPerSecond) => ({ messagesPerSecond }))

function result(name: string, figures: Readonly<Record<string, ReturnType<typeof rounds>>>): ScenarioResult {
  const scenario = SCENARIOS.find((candidate) => candidate.name === name)
  if (scenario === undefined) throw new Error(name)
  return { scenario, figures: new Map(Object.entries(figures)), missing: new Map(), isCut: false }
}

it('a ratio is the median of those of the rounds, to the best of those it is compared with', () => {
  const outcomes = judgeGoals([
    result('calls of 10, 64 clients', {
      stanchion: rounds(100, 250, 900),
      'pg-boss, batches of 100': rounds(10, 10, 10),
      // The machine was slow in the first round and fast in the last, for both: 2.5, 2 and 3 times as fast.
      'pg-boss, batches of 1,000': rounds(40, 125, 300),
    }),
  ])
  const seen = outcomes.map(({ goal, seen, outcome }) => ({ figure: goal.figure, seen, outcome }))
  expect(seen).toContainEqual({ figure: 'against pg-boss, calls of 10', seen: 2.5, outcome: 'must' })
})

it('nothing is said of a goal whose rival was not there', () => {
  const outcomes = judgeGoals([result('calls of 1, 64 clients', { stanchion: rounds(1) })])
  expect(outcomes.map(({ goal }) => goal.figure)).not.toContain('against fauxqs, calls of 1')
})

it('less is better where it is a cost', () => {
  const [outcome] = judgeGoals([
    {
      ...result('from a send to a long poll', {}),
      figures: new Map([['stanchion', [{ p50Ms: 2 }]]]),
    },
  ])
  expect(outcome).toMatchObject({ seen: 2, outcome: 'must' })
})

it('what has become of a queue is told by its last round', () => {
  const [outcome] = judgeGoals([
    result('a transaction held', { stanchion: rounds(100, 100, 45), 'stanchion, none held': rounds(100, 90, 50) }),
  ])
  expect(outcome).toMatchObject({ seen: 0.9, outcome: 'must' })
})
