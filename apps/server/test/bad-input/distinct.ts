import type { BadCase } from './bad-case.ts'

/** The cases without those that send the very same bytes. */
export function distinct(cases: readonly BadCase[]): BadCase[] {
  const seen = new Map<string, BadCase>()
  for (const each of cases) {
    const { method, target, headers, body } = each.request
    const key = [method, target, JSON.stringify(headers), body?.toString('latin1')].join('\n')
    if (!seen.has(key)) seen.set(key, each)
  }
  return [...seen.values()]
}
