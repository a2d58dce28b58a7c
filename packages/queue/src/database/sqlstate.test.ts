import { describe, expect, it } from '@jest/globals'
import { QueueError } from '../errors.ts'
import { classifyFailure, toQueueError } from './sqlstate.ts'

const ofServer = (code: string, severity = 'ERROR') => Object.assign(new Error('from the server'), { code, severity })
const ofSystem = (code: string) => Object.assign(new Error(`write ${code}`), { code, errno: -32, syscall: 'write' })

describe('what a failed statement means', () => {
  it.each([
    ['22P05', 'row'],
    ['40P01', 'retry'],
    ['57P03', 'unavailable'],
    ['53100', 'unavailable'],
    ['ST001', 'deadline'],
    ['42P01', 'bug'],
  ])('is read from the SQLSTATE %s: %s', (code, failure) => {
    expect(classifyFailure(ofServer(code))).toBe(failure)
  })

  it.each(['EPIPE', 'ECONNRESET', 'ETIMEDOUT'])(
    'G28 is not known when the connection broke, also where %s looks like an SQLSTATE',
    (code) => {
      expect(classifyFailure(ofSystem(code))).toBe('unknown')
      expect((toQueueError(ofSystem(code)) as QueueError).code).toBe('outcomeUnknown')
      expect(toQueueError(ofSystem(code))).toBeInstanceOf(QueueError)
    },
  )
})
