import { readFileSync, writeFileSync } from 'node:fs'

const START = '<!-- conformance -->\n'
const END = '<!-- /conformance -->'

/** Replaces what stands between the two comments of a page. @throws Error when the page has no place for it */
export function writeIntoPage(file: string, markdown: string): void {
  const page = readFileSync(file, 'utf8')
  const start = page.indexOf(START)
  const end = page.indexOf(END, start)
  if (start < 0 || end < 0) throw new Error(`${file} has no place between the comments "conformance".`)
  writeFileSync(file, `${page.slice(0, start + START.length)}\n${markdown}\n${page.slice(end)}`)
}
