import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { PROBLEMS } from './problem.ts'

describe('docs/reference/errors.md', () => {
  it('lists every error code with its status, title and retry, and no other', () => {
    const page = readFileSync(new URL('../../../../docs/reference/errors.md', import.meta.url), 'utf8')
    const rows = [...page.matchAll(/^\| `(\w+)` \| (\d+) \| ([^|]+) \|([^|]*)\|$/gm)]
    const listed = rows.map(([, code, status, title, retry]) => [code, Number(status), title, retry?.trim()])
    const known = Object.entries(PROBLEMS).map(([code, { status, title, retryAfterSeconds }]) => [
      code,
      status,
      title,
      retryAfterSeconds === undefined ? '' : `${retryAfterSeconds} s`,
    ])
    expect(listed).toEqual(known)
  })
})
