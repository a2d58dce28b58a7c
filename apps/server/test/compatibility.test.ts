import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { readQueueAttributes, SQS_ERRORS, selectQueueAttributes, UNSUPPORTED_ACTIONS } from '@stanchion/sqs'
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

function isRefused(name: string, value: string): boolean {
  try {
    readQueueAttributes({ [name]: value }, false)
    return false
  } catch {
    return true
  }
}

describe('docs/reference/compatibility.md', () => {
  it('says of every action whether it is there', () => {
    const listed = rowsBelow('Actions').map(([name, there]) => [name, there])
    const known = [
      ...OPERATIONS.map(({ action }) => [action.name, 'yes']),
      ...[...UNSUPPORTED_ACTIONS].map((name) => [name, 'refused']),
    ]
    expect(listed).toHaveLength(23)
    expect(listed.sort()).toEqual(known.sort())
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

  it('lists every queue attribute, and refuses those that it says are refused', () => {
    const rows = rowsBelow('Queue attributes')
    const refused = rows.filter(([, how]) => how === 'refused').map(([name = '']) => name)
    const shown = rows.filter(([, how]) => how !== 'refused').map(([name]) => name)
    expect(shown.sort()).toEqual([...selectQueueAttributes(['All'])].sort())
    expect(refused.filter((name) => !isRefused(name, 'true'))).toEqual([])
    // Known, or asking for one would be an error.
    expect([...selectQueueAttributes(refused)]).toEqual([])
    const removable = rows.filter(([, , note = '']) => note.startsWith('empty is accepted')).map(([name]) => name)
    expect(refused.filter((name) => !isRefused(name, '')).sort()).toEqual(removable.sort())
  })

  it('names a test that is there for every difference between strict and relaxed', () => {
    const section = PAGE.split(/^## /m).find((part) => part.startsWith('Strict and relaxed\n')) ?? ''
    const named = [...section.matchAll(/\| `(\S+\.test\.ts)`: (.+) \|$/gm)]
    expect(named).toHaveLength(section.split('\n').filter((line) => line.startsWith('| ')).length - 2)
    for (const [, file = '', name = ''] of named) {
      expect(readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8')).toContain(name)
    }
  })

  it('lists every error with its code and status', () => {
    const known = Object.entries(SQS_ERRORS).map(([name, { queryCode, status }]) => [name, queryCode, String(status)])
    expect(rowsBelow('Errors')).toEqual(known)
  })
})
