/** The line through values that are evenly far apart, in a box of this size; the lowest line stands for 0. */
export function sparklinePath(values: readonly number[], width: number, height: number): string {
  if (values.length < 2) return ''
  const top = Math.max(1, ...values)
  const step = width / (values.length - 1)
  return values
    .map((value, index) => {
      const x = round(index * step)
      const y = round(height - (value / top) * height)
      return `${index === 0 ? 'M' : 'L'}${x} ${y}`
    })
    .join('')
}

const round = (value: number) => Math.round(value * 10) / 10
