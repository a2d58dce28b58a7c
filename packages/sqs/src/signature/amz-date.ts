const BASIC = /^\d{8}T\d{6}Z$/
const HTTP_DATE = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/

/** Writes a time as signatures have it: `20150830T123600Z`. */
export function formatAmzDate(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
}

/** Reads `20150830T123600Z`. @returns `undefined` for anything else, and for days and hours that do not exist */
export function parseAmzDate(text: string): number | undefined {
  if (!BASIC.test(text)) return undefined
  const year = Number(text.slice(0, 4))
  const month = Number(text.slice(4, 6))
  const day = Number(text.slice(6, 8))
  const hour = Number(text.slice(9, 11))
  const minute = Number(text.slice(11, 13))
  const second = Number(text.slice(13, 15))
  if (year < 1970 || month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59) return undefined
  const timeMs = Date.UTC(year, month - 1, day, hour, minute, second)
  // A day that its month has not comes out in another month.
  return new Date(timeMs).getUTCDate() === day ? timeMs : undefined
}

/**
 * Reads the header `Date`, which may stand in for `X-Amz-Date`: in the form above, or in that of HTTP, and then the form above is
 * what is signed.
 */
export function amzDateOfDateHeader(value: string): string {
  if (!HTTP_DATE.test(value)) return value
  const timeMs = Date.parse(value)
  return Number.isNaN(timeMs) ? value : formatAmzDate(timeMs)
}
