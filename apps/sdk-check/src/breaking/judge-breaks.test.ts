import { describe, expect, it } from '@jest/globals'
import { judgeBreaks } from './judge-breaks.ts'

const found = { id: 'request-parameter-became-required', text: 'the `query` request parameter `limit` became required' }
const ofOperation = { ...found, operationId: 'listQueues' }
const accepted = { operation: 'listQueues', change: found.id, what: '`limit`', reason: 'On purpose.' }

describe('a break', () => {
  it('is refused until somebody accepts it', () => {
    expect(judgeBreaks([ofOperation], [])).toEqual([
      'listQueues: the `query` request parameter `limit` became required (request-parameter-became-required)',
    ])
    expect(judgeBreaks([ofOperation], [accepted])).toEqual([])
    expect(judgeBreaks([ofOperation], [{ operation: 'listQueues', change: found.id, reason: 'All of them.' }])).toEqual(
      [],
    )
  })

  it.each([
    ['operation', { ...accepted, operation: 'getQueue' }],
    ['change', { ...accepted, change: 'api-removed' }],
    ['member', { ...accepted, what: '`cursor`' }],
  ])('is not accepted by an entry for another %s', (_, entry) => {
    expect(judgeBreaks([ofOperation], [entry])).toHaveLength(2)
  })

  it('of the whole document is accepted by an entry without an operation', () => {
    const { operation: _, ...entry } = accepted
    expect(judgeBreaks([found], [entry])).toEqual([])
    expect(judgeBreaks([found], [accepted])).toHaveLength(2)
  })

  it('is not accepted without a reason, and an acceptance goes when the break has gone', () => {
    expect(judgeBreaks([ofOperation], [{ ...accepted, reason: ' ' }])).toEqual([
      `accepted without a reason: listQueues, ${found.id}, \`limit\``,
    ])
    expect(judgeBreaks([], [accepted])).toEqual([`accepted, but not there: listQueues, ${found.id}, \`limit\``])
  })
})
