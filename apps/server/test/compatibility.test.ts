import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { SQS_ERRORS, selectQueueAttributes } from '@stanchion/sqs'
import { OPERATIONS } from '../src/sqs/operations.ts'

const PAGE = readFileSync(new URL('../../../docs/reference/compatibility.md', import.meta.url), 'utf8')

/** The cells of the tables below a heading, without the quotes of code. */
function rowsBelow(heading: string): string[][] {
  const section = PAGE.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? ''
  return [...section.matchAll(/^\| `.*\|$/gm)].map(([row]) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.replaceAll('`', '').trim()),
  )
}

describe('docs/reference/compatibility.md', () => {
  it('lists every action', () => {
    const listed = rowsBelow('Actions').map(([name]) => name)
    expect(listed).toHaveLength(23)
    expect(listed.sort()).toEqual(OPERATIONS.map(({ action }) => action.name).sort())
  })

  it('lists every parameter of the actions that are there, and no other', () => {
    const listed = rowsBelow('Parameters').map(([action, parameter]) => `${action}.${parameter}`)
    const known = OPERATIONS.flatMap(({ action }) =>
      Object.keys(action.input.members)
        .filter((name) => name !== 'QueueUrl')
        .map((name) => `${action.name}.${name}`),
    )
    expect(listed.sort()).toEqual(known.sort())
  })

  it('lists every queue attribute', () => {
    const listed = rowsBelow('Queue attributes').map(([name]) => name)
    expect(listed.sort()).toEqual([...selectQueueAttributes(['All'])].sort())
  })

  it('lists every error with its code and status', () => {
    const known = Object.entries(SQS_ERRORS).map(([name, { queryCode, status }]) => [name, queryCode, String(status)])
    expect(rowsBelow('Errors')).toEqual(known)
  })
})
