/** The text that begins at this byte and ends at the next zero, and where the next one begins. */
export function readText(bytes: Buffer, at: number): { readonly text: string; readonly next: number } {
  const end = bytes.indexOf(0, at)
  if (end === -1) return { text: bytes.toString('utf8', at), next: bytes.length }
  return { text: bytes.toString('utf8', at, end), next: end + 1 }
}

/** The parameters of a startup message: pairs of texts behind the length and the version. */
export function readStartupParameters(bytes: Buffer): Map<string, string> {
  const parameters = new Map<string, string>()
  for (let at = 8; at < bytes.length - 1; ) {
    const name = readText(bytes, at)
    const value = readText(bytes, name.next)
    parameters.set(name.text, value.text)
    at = value.next
  }
  return parameters
}
