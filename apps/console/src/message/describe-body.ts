import { type JsonNode, parseJson } from '../json/parse-json.ts'
import { bytesOfBase64, isBase64 } from './base64.ts'

/**
 * What a body is, so that it can be shown as people read it. Bodies are always text; `base64` is one that can only be the
 * base64 of bytes which are no text.
 */
export type DescribedBody =
  | { readonly kind: 'json'; readonly node: JsonNode }
  | { readonly kind: 'base64'; readonly bytes: Uint8Array }
  | { readonly kind: 'text' }

/** Shorter texts are base64 by chance too often: `order123` is. */
const BASE64_LENGTH_MIN = 24

/** Decides what a body is. A JSON body is an object or an array: a bare number or word is shown as the text that it is. */
export function describeBody(body: string): DescribedBody {
  if (/^\s*[{[]/.test(body)) {
    const parsed = parseJson(body)
    if (parsed.ok) return { kind: 'json', node: parsed.node }
  }
  if (body.length >= BASE64_LENGTH_MIN && isBase64(body)) {
    const bytes = bytesOfBase64(body)
    if (!isReadable(bytes)) return { kind: 'base64', bytes }
  }
  return { kind: 'text' }
}

/** Whether bytes are text in UTF-8 without control characters. Such base64 is shown as what was sent. */
function isReadable(bytes: Uint8Array): boolean {
  try {
    return !/\p{Cc}/u.test(new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/[\t\n\r]/g, ''))
  } catch {
    return false
  }
}
