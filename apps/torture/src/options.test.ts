import { describe, expect, it } from '@jest/globals'
import { FAULTS } from './faults/index.ts'
import { readOptions, UsageError } from './options.ts'

const read = (...args: readonly string[]) => readOptions(args, 'random')

describe('the command line', () => {
  it('asks for five minutes of all faults but those of clocks with a random seed when it is empty', () => {
    const faults = FAULTS.filter(({ name }) => !name.includes('clock'))
    expect(faults.length).toBe(FAULTS.length - 3)
    expect(read()).toMatchObject({ minutes: 5, seed: 'random', faults, servers: 2 })
  })

  it('names seeds and faults', () => {
    const { seed, faults, rounds } = read('--seed', 's', '--faults', 'kill-server,crash-postgres', '--rounds', '1')
    expect({ seed, rounds, faults: faults.map(({ name }) => name) }).toEqual({
      ...{ seed: 's', rounds: 1, faults: ['kill-server', 'crash-postgres'] },
    })
    expect(read('--faults', '').faults).toEqual([])
  })

  it('asks for a number of operations beside the time, which is none by itself', () => {
    expect(read().operations).toBe(0)
    expect(read('--minutes', '30', '--operations', '1000000')).toMatchObject({ minutes: 30, operations: 1_000_000 })
  })

  it('asks for hours on the same servers, with faults that leave them alive', () => {
    const { isSoak, minutes, faults } = read('--soak', '0.5')
    expect({ isSoak, minutes }).toEqual({ isSoak: true, minutes: 30 })
    expect(new Set(faults.map(({ hits }) => hits)).has('server')).toBe(false)
    expect(read('--soak', '1', '--faults', 'kill-server').faults.map(({ name }) => name)).toEqual(['kill-server'])
  })

  it('names checkers for a history that is judged', () => {
    const { judge, checkers } = read('--judge', 'h.jsonl', '--checkers', 'lost messages,answers')
    expect({ judge, checkers }).toEqual({ judge: 'h.jsonl', checkers: ['lost messages', 'answers'] })
  })

  it.each([
    ['checkers for a run', ['--checkers', 'answers'], /for --judge alone/],
    ['a checker that is none', ['--judge', 'h', '--checkers', 'luck'], /no checker luck/],
    ['a fault that is none', ['--faults', 'flood'], /no fault flood/],
    ['an option that is none', ['--fault', 'x'], /--fault/],
    ['no time', ['--minutes', '0'], /--minutes is a number above 0/],
    ['half a client', ['--clients', '1.5'], /--clients is a whole number/],
  ])('is refused with %s, and says what there is', (_, args, text) => {
    expect(() => read(...args)).toThrow(UsageError)
    expect(() => read(...args)).toThrow(text)
    expect(() => read(...args)).toThrow(/usage: npm run torture/)
  })
})
