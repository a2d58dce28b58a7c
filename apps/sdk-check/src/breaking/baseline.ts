import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse, stringify } from 'yaml'
import type { AcceptedBreak } from './judge-breaks.ts'

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

export const SPEC = at('../../openapi.yaml')
/** What clients that are out there were made from: the document of the last release, without its texts. */
export const BASELINE = at('compatibility/baseline.yaml')
const ACCEPTED = at('compatibility/accepted-breaks.yaml')

const HEADING = '# What clients may rely on; written by "npm run spec:breaking -- --release", and not by hand.\n'

export function readAccepted(): readonly AcceptedBreak[] {
  return parse(readFileSync(ACCEPTED, 'utf8')) ?? []
}

/** At a release: from now on clients may rely on what the spec says now. */
export function writeBaseline(): void {
  writeFileSync(BASELINE, HEADING + stringify(withoutTexts(parse(readFileSync(SPEC, 'utf8'))), { compat: 'yaml-1.1' }))
  const comments = readFileSync(ACCEPTED, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('#'))
  writeFileSync(ACCEPTED, `${comments.join('\n')}\n[]\n`)
}

const TEXTS = new Set(['description', 'summary', 'example', 'examples'])

/** Texts break nobody. A member that is called like one is kept. */
function withoutTexts(value: unknown, parent = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutTexts(item))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([key]) => parent === 'properties' || !TEXTS.has(key))
  return Object.fromEntries(
    entries.map(([key, member]) => [key, withoutTexts(member, parent === 'properties' ? '' : key)]),
  )
}
