/** Names with `*` for any run of characters, none included. */
const PATTERN = /^[A-Za-z0-9_.*-]{1,80}$/

export function isQueuePattern(text: string): boolean {
  return PATTERN.test(text)
}

/**
 * Whether a queue name matches a pattern, whole and by case. Goes from part to part and never back, so no pattern can make it
 * slow.
 */
export function matchesQueuePattern(pattern: string, name: string): boolean {
  if (pattern === '*') return true
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop()
  if (last === undefined) return name === first
  if (!name.startsWith(first) || !name.endsWith(last)) return false
  const end = name.length - last.length
  let at = first.length
  for (const part of rest) {
    const found = name.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at <= end
}
