import { describe, expect, it } from '@jest/globals'
import { olderThanNeeded } from './detect.ts'
import { python } from './toolchains/python.ts'

const need = { command: 'java', args: ['-version'], before: 'version', atLeast: [17, 0] } as const

describe('a tool', () => {
  it('will do in the oldest version that is enough, and in newer ones', () => {
    for (const version of ['17', '17.0.15', '17.1', '25', '25-ea']) {
      expect(olderThanNeeded(`openjdk version "${version}" 2025-04-15`, need)).toBeUndefined()
    }
  })

  it('will not do when it is older', () => {
    expect(olderThanNeeded('java version "1.8.0_392"', need)).toBe('java is 1.8, 17.0 or newer is needed')
    expect(olderThanNeeded('Python 3.9.18\n', python.needs[0] ?? need)).toBe('python3 is 3.9, 3.10 or newer is needed')
  })

  it('will not do when it does not tell', () => {
    expect(olderThanNeeded('no such luck', need)).toBe('java does not tell its version')
  })
})
