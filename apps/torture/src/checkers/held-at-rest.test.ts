import { describe, expect, it } from '@jest/globals'
import { heldByDatabase } from './held-by-database.ts'
import { heldByServers } from './held-by-servers.ts'
import { findingsOf, Story } from './story.ts'

const MEBIBYTE = 1024 * 1024

/** What a process holds after each round. */
function rounds(residentMebibytes: readonly number[], { sockets = 17, pid = 7 } = {}): Story {
  const story = new Story()
  for (const [i, resident] of residentMebibytes.entries()) {
    const residentBytes = resident * MEBIBYTE
    story.rests({ type: 'server', round: i + 1, server: 's1', pid, residentBytes, sockets, files: sockets + 20 })
  }
  return story
}

describe('a server at rest', () => {
  const found = (story: Story) => findingsOf(heldByServers, story)

  it('may take some memory while it warms up, and breathe', () => {
    expect(found(rounds([90, 150, 200, 210, 220, 260, 210, 300]))).toEqual([])
  })

  it('does not grow for ever', () => {
    expect(found(rounds([90, 150, 200, 210, 220, 300, 390, 450]))).toEqual([
      expect.stringMatching('grew from 220 MiB after round 5 to 450 MiB after round 8'),
    ])
  })

  it('never holds half a gibibyte', () => {
    expect(found(rounds([90, 600]))).toEqual([expect.stringMatching('s1 holds 600 MiB at rest after round 2')])
  })

  it('has no more connections than it needs', () => {
    expect(found(rounds([90], { sockets: 24 }))).toEqual([])
    expect(found(rounds([90], { sockets: 40 }))).toEqual([expect.stringMatching('40 sockets open')])
    expect(found(rounds([90], { sockets: 70 }))).toHaveLength(2)
  })

  it('is held against itself: another process begins anew', () => {
    const story = rounds([90, 90, 90, 90, 90])
    const residentBytes = 400 * MEBIBYTE
    story.rests({ type: 'server', round: 6, server: 's1', pid: 8, residentBytes, sockets: 5, files: 20 })
    expect(found(story)).toEqual([])
  })
})

describe('the database at rest', () => {
  const found = (story: Story) => findingsOf(heldByDatabase, story)

  function sizes(mebibytes: readonly number[], { frozenXidAge = 1_000, oldestTransactionSeconds = 0 } = {}): Story {
    const story = new Story()
    for (const [i, size] of mebibytes.entries()) {
      const held = { deadRows: 10, connections: 20, tables: { message_log: size * MEBIBYTE, queue: 8_192 } }
      const ages = { frozenXidAge, oldestTransactionSeconds }
      story.rests({ type: 'database', round: i + 1, bytes: size * MEBIBYTE, ...held, ...ages })
    }
    return story
  }

  it('has found its size after some rounds', () => {
    expect(found(sizes([10, 40, 90, 120, 100, 150, 130, 160]))).toEqual([])
  })

  it('does not grow for ever', () => {
    expect(found(sizes([10, 40, 90, 120, 100, 300, 500]))).toEqual([
      expect.stringMatching(/from 100 MiB after round 5 to 500 MiB after round 7, .* largest table is message_log/),
    ])
  })

  it('leaves no transaction open, and freezes old ones', () => {
    expect(found(sizes([10], { oldestTransactionSeconds: 100 }))).toEqual([expect.stringMatching('open for 100 s')])
    expect(found(sizes([10], { frozenXidAge: 3e8 }))).toEqual([expect.stringMatching('300000000 old')])
  })
})
