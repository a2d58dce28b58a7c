/** Stand for `*` and `?` of a pattern. No text has them, so what a variable puts into a pattern stays as it is. */
const ANY = '\uFFFE'
const ONE = '\uFFFF'

/** A pattern in which `*` is any run of characters and `?` is any one. */
export function toWildcards(pattern: string): string {
  return pattern.replaceAll('*', ANY).replaceAll('?', ONE)
}

/** `*` or `?` where a variable asks for the character itself (`${*}`); `undefined` for everything else. */
export function literalOf(name: string): string | undefined {
  if (name === ANY || name === '*') return '*'
  if (name === ONE || name === '?') return '?'
  return name === '$' ? '$' : undefined
}

/**
 * Whether a text matches a pattern of `toWildcards`, whole and by case. After a mismatch it goes back to the last `*` alone, so
 * no pattern takes longer than its length times that of the text.
 */
export function matchesWildcards(pattern: string, text: string): boolean {
  let at = 0
  let place = 0
  let starAt = -1
  let starPlace = 0
  while (place < text.length) {
    const expected = pattern[at]
    if (expected === ANY) {
      starAt = at
      starPlace = place
      at += 1
    } else if (expected !== undefined && (expected === ONE || expected === text[place])) {
      at += 1
      place += 1
    } else if (starAt >= 0) {
      at = starAt + 1
      starPlace += 1
      place = starPlace
    } else {
      return false
    }
  }
  while (pattern[at] === ANY) at += 1
  return at === pattern.length
}
