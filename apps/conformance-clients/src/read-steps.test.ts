import { describe, expect, it } from '@jest/globals'
import { readSteps } from './read-steps.ts'

describe('the output of a program', () => {
  it('tells steps and versions between the talk of the libraries', () => {
    const output = '[INFO] ok\nusing java 2.57\nok create-queue\r\nit is ok now\nnot ok fifo-send: no: really\n'
    expect(readSteps(output)).toEqual({
      using: 'java 2.57',
      steps: [
        { name: 'create-queue', problem: undefined },
        { name: 'fifo-send', problem: 'no: really' },
      ],
    })
  })

  it('tells nothing when there is nothing', () => {
    expect(readSteps('')).toEqual({ using: undefined, steps: [] })
  })
})
