const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const

/** A size as people say it: `12 bytes`, `1.5 GB`. */
export function bytes(size: number): string {
  const power = size < 1024 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(size) / 10))
  const scaled = size / 1024 ** power
  const digits = power === 0 || scaled >= 10 ? 0 : 1
  return `${scaled.toLocaleString('en', { maximumFractionDigits: digits })} ${UNITS[power]}`
}

/** A share of a whole: `12 %`. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
