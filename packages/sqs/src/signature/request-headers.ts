/** Values by lower-case name, in canonical form. */
export type RequestHeaders = ReadonlyMap<string, string>

/** Brings headers into the form that is signed: trimmed, runs of spaces made one, several of one name joined by commas. */
export function readHeaders(rawHeaders: readonly string[]): RequestHeaders {
  const headers = new Map<string, string>()
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] as string).toLowerCase()
    const value = trimSpaces(rawHeaders[index + 1] as string)
    const earlier = headers.get(name)
    headers.set(name, earlier === undefined ? value : `${earlier},${value}`)
  }
  return headers
}

/** Not `trim`, which takes the byte 0xA0 for a space: it may be the end of a letter. */
function trimSpaces(value: string): string {
  let start = 0
  let end = value.length
  while (start < end && isSpace(value.charCodeAt(start))) start += 1
  while (end > start && isSpace(value.charCodeAt(end - 1))) end -= 1
  const trimmed = value.slice(start, end)
  return trimmed.includes('  ') ? trimmed.replace(/ {2,}/g, ' ') : trimmed
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09
}
