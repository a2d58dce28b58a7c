// Made once: making one takes a hundred times as long as using it, and metrics ask for ten thousand queues at a time.
const FINE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 })
const COARSE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** A number as people read it, with its noun where one is given. */
export function amount(value: number, noun?: string): string {
  const text = (value < 10 ? FINE : COARSE).format(value)
  if (noun === undefined) return text
  return `${text} ${noun}${value === 1 ? '' : 's'}`
}

/** Such as `12 a second`, and `3 a minute` where it is slower than one. */
export function ratePhrase(perSecond: number): string {
  if (perSecond >= 1) return `${amount(perSecond)} a second`
  if (perSecond * 60 >= 1) return `${amount(perSecond * 60)} a minute`
  return `${amount(perSecond * 3_600)} an hour`
}

export function durationOf(seconds: number): string {
  if (seconds % 3_600 === 0 && seconds > 0) return amount(seconds / 3_600, 'hour')
  if (seconds % 60 === 0 && seconds > 0) return amount(seconds / 60, 'minute')
  return amount(seconds, 'second')
}
