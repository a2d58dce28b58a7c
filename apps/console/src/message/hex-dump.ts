/** One line of a hex dump. */
export interface HexLine {
  /** Of the first byte, as eight hexadecimal digits. */
  readonly offset: string
  /** Pairs of digits with spaces between. */
  readonly hex: string
  /** The bytes as ASCII, a dot for what is not visible. */
  readonly ascii: string
}

const BYTES_A_LINE = 16

/** Bytes as people read them, sixteen a line. */
export function hexDump(bytes: Uint8Array): HexLine[] {
  const lines: HexLine[] = []
  for (let start = 0; start < bytes.length; start += BYTES_A_LINE) {
    const part = [...bytes.subarray(start, start + BYTES_A_LINE)]
    lines.push({
      offset: start.toString(16).padStart(8, '0'),
      hex: part.map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
      ascii: part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join(''),
    })
  }
  return lines
}
