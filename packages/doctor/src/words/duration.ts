const UNITS: readonly [seconds: number, name: string][] = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
]

/** A duration in the largest unit of which there are two or more: `42 minutes`, `90 minutes`, `3 days`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const [unit, name] = UNITS.find(([size]) => whole >= 2 * size) ?? [1, 'second']
  return count(Math.floor(whole / unit), name)
}

/** A number with its thing: `1 session`, `1,200 messages`. */
export function count(number: number, thing: string): string {
  return `${number.toLocaleString('en')} ${thing}${number === 1 ? '' : 's'}`
}
