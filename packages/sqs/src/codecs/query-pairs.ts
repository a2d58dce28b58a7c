import { isUtf8 } from 'node:buffer'
import { malformedInput } from '../errors/error-texts.ts'

/** Names and values of a Query request, decoded. A name that occurs twice has its last value. */
export type QueryPairs = ReadonlyMap<string, string>

/** Far more than the largest legal request needs (ten entries of ten attributes: some 450). */
const PAIRS_MAX = 10_000

/**
 * Reads the pairs of the query string of a URL (without its `?`) and of a form body; the form wins. Percent-encoding is
 * strict: what is not UTF-8 is refused, never repaired.
 * @throws SqsError `SerializationException`
 */
export function parseQueryPairs(queryString: string, form?: Uint8Array): QueryPairs {
  const pairs = new Map<string, string>()
  addPairs(pairs, queryString)
  if (form !== undefined && form.length > 0) {
    if (!isUtf8(form)) throw malformedInput('The request body is not valid UTF-8.')
    addPairs(pairs, Buffer.from(form.buffer, form.byteOffset, form.byteLength).toString('utf8'))
  }
  return pairs
}

function addPairs(pairs: Map<string, string>, encoded: string): void {
  if (encoded === '') return
  for (const pair of encoded.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = equals < 0 ? pair : pair.slice(0, equals)
    pairs.set(decodeText(name), equals < 0 ? '' : decodeText(pair.slice(equals + 1)))
    if (pairs.size > PAIRS_MAX) throw malformedInput(`A request has at most ${PAIRS_MAX} parameters.`)
  }
}

function decodeText(encoded: string): string {
  const spaced = encoded.includes('+') ? encoded.replaceAll('+', ' ') : encoded
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    throw malformedInput('The request holds an invalid percent-encoding.')
  }
}
