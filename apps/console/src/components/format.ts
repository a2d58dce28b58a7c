const NUMBER = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const RATE = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })
const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })
const TIME = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' })

export const formatNumber = (value: number) => NUMBER.format(value)
export const formatRate = (value: number) => RATE.format(value)
/** Such as 12.3K, where there is little room. */
export const formatCompact = (value: number) => COMPACT.format(value)
/** A date as ISO text in the words of a person, in their own time zone. */
export const formatTime = (iso: string) => TIME.format(new Date(iso))

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const

/** A duration in its two largest units: `3 d 4 h`, `1 min 30 s`, `0 s`. */
export function formatDuration(seconds: number): string {
  let left = Math.max(0, Math.round(seconds))
  const parts: string[] = []
  for (const [unit, size] of UNITS) {
    const count = Math.floor(left / size)
    if (count > 0) parts.push(`${count} ${unit}`)
    else if (parts.length > 0) break
    left -= count * size
    if (parts.length === 2) break
  }
  return parts.length === 0 ? '0 s' : parts.join(' ')
}

/** Bytes: `312 B`, `4.2 KiB`, `1 MiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`
  if (bytes < 1_048_576) return `${RATE.format(bytes / 1_024)} KiB`
  return `${RATE.format(bytes / 1_048_576)} MiB`
}

const CLOCK = new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23' })
/** The time of day, in milliseconds since 1970. */
export const formatClock = (ms: number) => CLOCK.format(ms)
