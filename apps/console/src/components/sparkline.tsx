import { sparklinePath } from './sparkline-path.ts'

interface SparklineProps {
  readonly values: readonly number[]
  readonly width?: number
  readonly height?: number
  /** What it shows, for those who do not see it. */
  readonly label: string
}

/** A small picture of the last half hour. */
export function Sparkline({ values, width = 96, height = 26, label }: SparklineProps) {
  const line = sparklinePath(values, width, height - 3)
  if (line === '') return null
  const isFlat = values.every((value) => value === 0)
  return (
    <svg
      className={isFlat ? 'sparkline sparkline-flat' : 'sparkline'}
      viewBox={`0 -1.5 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={label}
      preserveAspectRatio="none"
    >
      {!isFlat && <path className="sparkline-area" d={`${line}L${width} ${height}L0 ${height}Z`} />}
      <path className="sparkline-line" d={line} />
    </svg>
  )
}
