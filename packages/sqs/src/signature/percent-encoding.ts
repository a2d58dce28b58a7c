const UNRESERVED = /^[A-Za-z0-9\-_.~]*$/
const UNRESERVED_OR_SLASH = /^[A-Za-z0-9\-_.~/]*$/

/** What each byte becomes: itself when RFC 3986 calls it unreserved, `%XX` otherwise. */
const ENCODED: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte)
  return UNRESERVED.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
})

const PERCENT = 0x25
const PLUS = 0x2b
const SPACE = 0x20

/** Encodes every byte of a path but the slashes; a `%` is a byte like any other. */
export function encodePath(path: string): string {
  if (UNRESERVED_OR_SLASH.test(path)) return path
  return path.split('/').map(encodeBytes).join('/')
}

/**
 * The one spelling of a name or value of a query string. It is read as the server reads it, with `+` for a space: were `+`
 * the same as `%2B` here, a signed plus could be turned into a space.
 */
export function canonicalQueryPart(raw: string): string {
  if (UNRESERVED.test(raw)) return raw
  let canonical = ''
  for (let index = 0; index < raw.length; index += 1) {
    let byte = raw.charCodeAt(index) & 0xff
    if (byte === PLUS) byte = SPACE
    else if (byte === PERCENT) {
      const hex = raw.slice(index + 1, index + 3)
      // A stray percent sign stands for itself.
      if (/^[0-9A-Fa-f]{2}$/.test(hex)) {
        byte = Number.parseInt(hex, 16)
        index += 2
      }
    }
    canonical += ENCODED[byte]
  }
  return canonical
}

function encodeBytes(text: string): string {
  let encoded = ''
  for (let index = 0; index < text.length; index += 1) encoded += ENCODED[text.charCodeAt(index) & 0xff]
  return encoded
}
