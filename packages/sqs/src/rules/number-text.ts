const NUMBER = /^[+-]?(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/

/** Longest text that is looked at: 38 digits and any sensible number of zeros around them. */
const LENGTH_MAX = 256
const DIGITS_MAX = 38
const EXPONENT_MIN = -128
const EXPONENT_MAX = 126

/** A decimal number of up to 38 significant digits, zero or between 10^-128 and 10^126 (SQS rule for `Number`). */
export function isNumberText(text: string): boolean {
  if (text.length > LENGTH_MAX) return false
  const match = NUMBER.exec(text)
  if (match === null) return false
  const [, whole = '', fraction = '', exponent = '0'] = match
  if (whole === '' && fraction === '') return false
  const digits = whole + fraction
  const significant = digits.replace(/^0+/, '')
  if (significant === '') return true
  const shortest = significant.replace(/0+$/, '')
  // The value is d.ddd × 10^leading.
  const leading = Number(exponent) + whole.length - 1 - (digits.length - significant.length)
  if (shortest.length > DIGITS_MAX || leading < EXPONENT_MIN) return false
  return leading < EXPONENT_MAX || (leading === EXPONENT_MAX && shortest === '1')
}
