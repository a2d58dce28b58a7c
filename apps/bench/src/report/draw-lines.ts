import { COLOURS, escapeXml, frame } from './svg.ts'

/** A line of values at the places of the chart. */
export interface Line {
  readonly label: string
  readonly values: readonly number[]
}

/** What a chart shows: lines over common places, from 0 upwards. */
export interface LineChart {
  readonly title: string
  /** Of the values. */
  readonly unit: string
  /** Where the values stand, ascending. */
  readonly places: readonly number[]
  /** What the places are. */
  readonly placeUnit: string
  readonly lines: readonly Line[]
}

const WIDTH = 760
const HEIGHT = 320
const LEFT = 56
const RIGHT = 16
const TOP = 62
const BOTTOM = 40
const TICKS = 4

/** Draws lines as an SVG that is readable on light and on dark pages. */
export function drawLines({ title, unit, places, placeUnit, lines }: LineChart): string {
  const top = niceCeiling(Math.max(...lines.flatMap(({ values }) => values), Number.MIN_VALUE))
  const last = Math.max(places.at(-1) ?? 1, Number.MIN_VALUE)
  const x = (place: number) => LEFT + (place / last) * (WIDTH - LEFT - RIGHT)
  const y = (value: number) => HEIGHT - BOTTOM - (value / top) * (HEIGHT - TOP - BOTTOM)
  const grid = Array.from({ length: TICKS + 1 }, (_, i) => {
    const value = (top / TICKS) * i
    const at = y(value).toFixed(1)
    return (
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}"/>` +
      `<text x="${LEFT - 8}" y="${Number(at) + 4}" text-anchor="end">${value.toLocaleString('en')}</text>`
    )
  })
  const days = Array.from({ length: Math.floor(last) + 1 }, (_, i) => {
    return `<text x="${x(i).toFixed(1)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${i}</text>`
  })
  const drawn = lines.map(({ label, values }, i) => {
    const points = values.map((value, at) => `${x(places[at] ?? 0).toFixed(1)},${y(value).toFixed(1)}`).join(' ')
    const keyX = LEFT + i * 160
    return (
      `<rect x="${keyX}" y="36" width="10" height="10" fill="${COLOURS[i]}"/><text x="${keyX + 15}" y="45">${escapeXml(label)}</text>` +
      `<polyline points="${points}" fill="none" stroke="${COLOURS[i]}" stroke-width="2"/>`
    )
  })
  const unitOfPlaces = `<text x="${WIDTH - RIGHT}" y="${HEIGHT - 6}" text-anchor="end">${escapeXml(placeUnit)}</text>`
  return frame(WIDTH, HEIGHT, title, unit, [...grid, ...days, unitOfPlaces, ...drawn])
}

/** The next number up that is 1, 2, 4 or 8 times a power of ten. */
function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return power * ([1, 2, 4, 8].find((factor) => factor * power >= value) ?? 10)
}
