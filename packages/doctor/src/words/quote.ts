/** An identifier as SQL takes it. */
export function identifier(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}

/** A text as SQL takes it. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** Names in a sentence: `a`, `a and b`, `a, b and 7 more`. */
export function names(all: readonly string[], max = 5): string {
  if (all.length > max) return `${all.slice(0, max).join(', ')} and ${all.length - max} more`
  return all.length < 2 ? (all[0] ?? 'none') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`
}
