/** Told apart by people who see no red or green, on white and on black. */
export const COLOURS = ['#3b82c4', '#e0a030', '#8a6fc0'] as const

/** An SVG with a title, in colours that suit light and dark pages. */
export function frame(width: number, height: number, title: string, unit: string, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeXml(title)}">
<style>text { font: 12px system-ui, sans-serif; fill: #1f2933 } .title { font-weight: 600; font-size: 14px } .grid { stroke: #8884 }
@media (prefers-color-scheme: dark) { text { fill: #d5dce4 } }</style>
<text class="title" x="12" y="22">${escapeXml(title)}, ${escapeXml(unit)}</text>
${parts.join('\n')}
</svg>
`
}

/** Text as the content or an attribute of an element. */
export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
