import { describe, expect, it } from '@jest/globals'
import { withFailpoints } from './with-failpoints.ts'

describe('failpoints', () => {
  it('are still to be found in the sources of the server', () => {
    expect(withFailpoints({ env: {}, nodeArgs: [] }).nodeArgs).toContain('--import')
  })

  it('are refused in a server that is patched otherwise', () => {
    expect(() => withFailpoints({ env: {}, nodeArgs: ['--import', 'other'] })).toThrow('patched already')
  })
})
