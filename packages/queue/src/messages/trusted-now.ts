/** The earliest of what the items hold for the time, as a parameter; a tick without items of an operation reads none. */
export function trustedNow(items: readonly { readonly trustedNowMs: number }[]): string {
  return items.length === 0 ? '-infinity' : new Date(Math.min(...items.map((item) => item.trustedNowMs))).toISOString()
}
