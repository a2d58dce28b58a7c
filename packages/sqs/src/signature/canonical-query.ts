import { canonicalQueryPart } from './percent-encoding.ts'

/** A pair of a query string, both sides in canonical spelling. */
export interface CanonicalPair {
  readonly name: string
  readonly value: string
}

/** Reads the pairs of a query string in the order in which they came. */
export function readCanonicalPairs(rawQuery: string): CanonicalPair[] {
  if (rawQuery === '') return []
  const pairs: CanonicalPair[] = []
  for (const pair of rawQuery.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    pairs.push(
      equals < 0
        ? { name: canonicalQueryPart(pair), value: '' }
        : { name: canonicalQueryPart(pair.slice(0, equals)), value: canonicalQueryPart(pair.slice(equals + 1)) },
    )
  }
  return pairs
}

/** The text that is signed: sorted by encoded name, then value; empty values keep their `=`. */
export function writeCanonicalQuery(pairs: readonly CanonicalPair[]): string {
  if (pairs.length === 0) return ''
  return pairs
    .toSorted((left, right) => compare(left.name, right.name) || compare(left.value, right.value))
    .map(({ name, value }) => `${name}=${value}`)
    .join('&')
}

/** By byte, whatever the locale. Not by the joined text, where `=` would sort after digits. */
function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
