/** A number a second as people read it: whole when it is large. `undefined` for none. */
export function rate(perSecond: number): string | undefined {
  if (perSecond === 0) return undefined
  return perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond).toLocaleString('en-US')
}
