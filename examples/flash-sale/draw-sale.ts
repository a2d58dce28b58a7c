/** What was seen at one moment of the sale. */
export interface Sample {
  readonly seconds: number
  readonly outstanding: number
  readonly workers: number
}

const WIDTH = 960
const LEFT = 84
const RIGHT = 28
const DEPTH = { top: 96, height: 250, color: '#2563eb', title: 'Outstanding messages' }
const WORKERS = { top: 420, height: 130, color: '#c2410c', title: 'Workers' }
const HEIGHT = 610
const INK = '#1f2937'
const FAINT = '#6b7280'

interface Panel {
  readonly top: number
  readonly height: number
  readonly color: string
  readonly title: string
}

/** Draws depth and workers over time, one above the other. */
export function drawSale(samples: readonly Sample[], title: string): string {
  const endSeconds = Math.max(1, ...samples.map(({ seconds }) => seconds))
  const x = (seconds: number) => LEFT + (seconds / endSeconds) * (WIDTH - LEFT - RIGHT)
  const depthMax = niceMax(Math.max(...samples.map(({ outstanding }) => outstanding)))
  const workersMax = niceMax(Math.max(...samples.map(({ workers }) => workers)) + 2)
  const depthY = scale(DEPTH, depthMax)
  const workersY = scale(WORKERS, workersMax)
  const peak = samples.reduce((high, sample) => (sample.outstanding > high.outstanding ? sample : high))

  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="title summary"
  font-family="system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif" font-size="13">
<title id="title">${title}</title>
<desc id="summary">${peak.outstanding.toLocaleString('en-US')} messages are outstanding at the peak, after ${Math.round(peak.seconds)} seconds.</desc>
<rect width="${WIDTH}" height="${HEIGHT}" rx="10" fill="#ffffff"/>
<text x="${LEFT}" y="44" font-size="20" font-weight="600" fill="${INK}">${title}</text>
${axes(DEPTH, depthMax, depthY, x, endSeconds)}
${area(samples, x, depthY)}
${peakLabel(peak, x, depthY)}
${axes(WORKERS, workersMax, workersY, x, endSeconds)}
${timeLabels(x, endSeconds)}
${steps(samples, x, workersY)}
</svg>
`
}

function axes(
  panel: Panel,
  max: number,
  y: (value: number) => number,
  x: (seconds: number) => number,
  endSeconds: number,
): string {
  const lines = [0, 1, 2, 3, 4].map((fifth) => {
    const value = (max / 4) * fifth
    const at = y(value).toFixed(1)
    return (
      `<line x1="${x(0)}" x2="${x(endSeconds)}" y1="${at}" y2="${at}" stroke="${fifth === 0 ? '#9ca3af' : '#e5e7eb'}"/>` +
      `<text x="${LEFT - 10}" y="${at}" dy="4" text-anchor="end" fill="${FAINT}">${value.toLocaleString('en-US')}</text>`
    )
  })
  return `<text x="${LEFT}" y="${panel.top - 14}" font-weight="600" fill="${panel.color}">${panel.title}</text>\n${lines.join('\n')}`
}

function timeLabels(x: (seconds: number) => number, endSeconds: number): string {
  const gap = [1, 2, 5, 10, 20, 30, 60, 120].find((seconds) => endSeconds / seconds <= 10) ?? 300
  const at = WORKERS.top + WORKERS.height + 22
  const labels = Array.from({ length: Math.floor(endSeconds / gap) + 1 }, (_, i) => i * gap)
  return labels
    .map(
      (seconds) =>
        `<text x="${x(seconds).toFixed(1)}" y="${at}" text-anchor="middle" fill="${FAINT}">${seconds} s</text>`,
    )
    .join('\n')
}

function area(samples: readonly Sample[], x: (seconds: number) => number, y: (value: number) => number): string {
  const points = samples.map(({ seconds, outstanding }) => `${x(seconds).toFixed(1)},${y(outstanding).toFixed(1)}`)
  const [first, last] = [samples[0] as Sample, samples.at(-1) as Sample]
  const floor = y(0).toFixed(1)
  return (
    `<polygon points="${x(first.seconds).toFixed(1)},${floor} ${points.join(' ')} ${x(last.seconds).toFixed(1)},${floor}" fill="${DEPTH.color}" fill-opacity="0.14"/>\n` +
    `<polyline points="${points.join(' ')}" fill="none" stroke="${DEPTH.color}" stroke-width="2.5" stroke-linejoin="round"/>`
  )
}

function peakLabel(
  { seconds, outstanding }: Sample,
  x: (seconds: number) => number,
  y: (value: number) => number,
): string {
  const [atX, atY] = [x(seconds), y(outstanding)]
  return (
    `<circle cx="${atX.toFixed(1)}" cy="${atY.toFixed(1)}" r="4" fill="${DEPTH.color}"/>` +
    `<text x="${(atX + 12).toFixed(1)}" y="${(atY + 4).toFixed(1)}" fill="${INK}">${outstanding.toLocaleString('en-US')} at the peak</text>`
  )
}

/** A line that goes along and then up or down, with the depth at which it did. */
function steps(samples: readonly Sample[], x: (seconds: number) => number, y: (value: number) => number): string {
  const first = samples[0] as Sample
  const path = [`M${x(first.seconds).toFixed(1)} ${y(first.workers).toFixed(1)}`]
  const labels: string[] = []
  samples.forEach((sample, i) => {
    const before = samples[i - 1] ?? sample
    path.push(`H${x(sample.seconds).toFixed(1)}`)
    if (sample.workers === before.workers) return
    path.push(`V${y(sample.workers).toFixed(1)}`)
    const atX = x(sample.seconds)
    const isLate = atX > WIDTH - 150
    labels.push(
      `<text x="${(atX + (isLate ? -6 : 6)).toFixed(1)}" y="${(y(Math.max(sample.workers, before.workers)) - 8).toFixed(1)}" ` +
        `text-anchor="${isLate ? 'end' : 'start'}" font-size="12" fill="${INK}">` +
        `${sample.workers} at ${sample.outstanding.toLocaleString('en-US')}</text>`,
    )
  })
  return `<path d="${path.join(' ')}" fill="none" stroke="${WORKERS.color}" stroke-width="2.5" stroke-linejoin="round"/>\n${labels.join('\n')}`
}

function scale({ top, height }: Panel, max: number): (value: number) => number {
  return (value) => top + height - (value / max) * height
}

/** The next number above that four even parts of it are round numbers, too. */
function niceMax(value: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(Math.max(4, value)))
  const factor = [1, 1.2, 1.6, 2, 4, 8, 10].find(
    (candidate) => candidate * magnitude >= value && Number.isInteger((candidate * magnitude) / 4),
  )
  return (factor ?? 20) * magnitude
}
