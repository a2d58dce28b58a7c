import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { prepareSocketDir, socketDirFor } from './prepare-socket-dir.ts'

describe('socketDirFor', () => {
  it('stays beside the cluster as long as a socket there has a legal path', () => {
    const longest = `/${'d'.repeat(81)}`
    expect(socketDirFor(longest, 7)).toBe(`${longest}/socket`)
    expect(socketDirFor(`${longest}d`, 7)).toMatch(new RegExp(`^${tmpdir()}/stanchion-7-[0-9a-f]{12}$`))
  })

  it('counts bytes, not characters', () => {
    expect(socketDirFor(`/${'ü'.repeat(50)}`, 7)).toContain(tmpdir())
  })
})

describe('prepareSocketDir', () => {
  let top: string
  beforeEach(() => {
    top = mkdtempSync(join(tmpdir(), 'stanchion-socket-'))
  })
  afterEach(() => rmSync(top, { recursive: true }))

  it('refuses a link that somebody else may have put there', () => {
    symlinkSync('/', join(top, 'link'))
    expect(() => prepareSocketDir(join(top, 'link'), undefined)).toThrow('not a directory of ours')
  })
})
