import { describe, expect, it } from '@jest/globals'
import { judge } from './judge.ts'

const passed = { exitCode: 0, timedOut: false, output: 'using boto3 1.0\nok one\nchatter\nok two\n' }

describe('a run of a program', () => {
  it('passes when it printed every step and ended well', () => {
    expect(judge(passed, ['one', 'two'])).toEqual([])
  })

  it('fails with the name of the step and the reason that the program gave', () => {
    const output = 'ok one\nnot ok two: expected 1, got 2\n'
    expect(judge({ ...passed, exitCode: 1, output }, ['one', 'two'])).toEqual(['two: expected 1, got 2'])
  })

  it('fails when a step is missing, however well the program ended', () => {
    expect(judge({ ...passed, output: 'ok one\n' }, ['one', 'two', 'three'])).toEqual(['not reached: two, three'])
  })

  it('fails when it passed every step and then did not end well', () => {
    expect(judge({ ...passed, exitCode: 7 }, ['one', 'two'])).toEqual(['it ended with exit code 7'])
    expect(judge({ ...passed, exitCode: undefined, timedOut: true }, ['one', 'two'])).toEqual([
      'it did not end in time',
    ])
  })

  it('fails when a step failed, even when it ended well', () => {
    expect(judge({ ...passed, output: 'ok one\nnot ok two\n' }, ['one', 'two'])).toEqual(['two: it did not say why'])
  })

  it('fails on a step that is not in the list, so that a misspelt one is seen', () => {
    expect(judge(passed, ['one'])).toEqual(['not in the list of steps: two'])
  })
})
