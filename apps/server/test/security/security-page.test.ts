import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'

const ROOT = new URL('../../../../', import.meta.url)
const PAGE = readFileSync(new URL('docs/security.md', ROOT), 'utf8')

/** A test as a row of a table names it: its file and its title. */
const NAMED = [...PAGE.matchAll(/`([\w./-]+\.test\.ts)`: "((?:[^"\\]|\\.)+)"/g)].map(
  ([, file = '', title = '']) => [file, title.replaceAll('\\"', '"')] as const,
)

describe('docs/security.md', () => {
  it('names a test in every row of its tables', () => {
    const rows = PAGE.split('\n').filter((line) => line.startsWith('| ') && !/^\| (-|Risk|\| Test)/.test(line))
    expect(rows.length).toBeGreaterThan(30)
    expect(rows.filter((row) => !row.includes('.test.ts`: "'))).toEqual([])
    expect(NAMED).toHaveLength(rows.length)
  })

  it('has a row for each of the ten risks', () => {
    const risks = [...PAGE.matchAll(/^\| API(\d+) /gm)].map(([, number]) => Number(number))
    expect(risks).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  it.each(NAMED)('%s has the test "%s"', (file, title) => {
    const source = readFileSync(new URL(file, ROOT), 'utf8').replaceAll("\\'", "'")
    const titles = [...source.matchAll(/\b(?:it|test)\b[\s\S]*?\(\s*(['"`])(.+?)\1,/g)].map(([, , text]) => text)
    expect(titles).toContain(title)
  })

  it('names every file of the tests of security', () => {
    const files = readdirSync(new URL('.', import.meta.url)).filter((name) => name.endsWith('.test.ts'))
    const named = new Set(NAMED.map(([file]) => file.split('/').at(-1)))
    expect(files.filter((name) => name !== 'security-page.test.ts' && !named.has(name))).toEqual([])
  })
})
