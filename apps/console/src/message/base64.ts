/** Base64 with padding and nothing else in it: what the value of a binary attribute must be. */
export function isBase64(text: string): boolean {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return false
  try {
    // Bits beyond the last byte must be zero, or the text would not come back the same.
    return btoa(atob(text)) === text
  } catch {
    return false
  }
}

/** @param base64 must satisfy {@link isBase64} */
export function bytesOfBase64(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}
