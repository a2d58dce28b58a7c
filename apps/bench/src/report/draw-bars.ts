import { COLOURS, escapeXml, frame } from './svg.ts'

/** A bar, in parts that stand one after the other. */
export interface Bar {
  readonly label: string
  readonly parts: readonly number[]
}

/** What a chart shows. */
export interface BarChart {
  readonly title: string
  /** Of the values. */
  readonly unit: string
  /** What the parts of a bar are, where it has several. */
  readonly legend: readonly string[]
  readonly bars: readonly Bar[]
}

const WIDTH = 760
const LABEL_WIDTH = 280
const ROW_HEIGHT = 26
const BAR_HEIGHT = 16
const TOP = 58
const VALUE_WIDTH = 90

/** Draws horizontal bars as an SVG that is readable on light and on dark pages. */
export function drawBars({ title, unit, legend, bars }: BarChart): string {
  const longest = Math.max(...bars.map(total), Number.MIN_VALUE)
  const scale = (WIDTH - LABEL_WIDTH - VALUE_WIDTH) / longest
  const height = TOP + bars.length * ROW_HEIGHT + 8
  const rows = bars.map((bar, i) => {
    const y = TOP + i * ROW_HEIGHT
    let x = LABEL_WIDTH
    const parts = bar.parts.map((part, index) => {
      const width = part * scale
      const rect = `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${BAR_HEIGHT}" fill="${COLOURS[index]}"/>`
      x += width
      return rect
    })
    return [
      `<text x="${LABEL_WIDTH - 8}" y="${y + 12}" text-anchor="end">${escapeXml(bar.label)}</text>`,
      ...parts,
      `<text x="${(x + 6).toFixed(1)}" y="${y + 12}">${Math.round(total(bar)).toLocaleString('en')}</text>`,
    ].join('')
  })
  const keys = legend.map((text, i) => {
    const x = LABEL_WIDTH + i * 130
    return `<rect x="${x}" y="34" width="10" height="10" fill="${COLOURS[i]}"/><text x="${x + 15}" y="43">${escapeXml(text)}</text>`
  })
  return frame(WIDTH, height, title, unit, [...keys, ...rows])
}

function total({ parts }: Bar): number {
  return parts.reduce((sum, part) => sum + part, 0)
}
