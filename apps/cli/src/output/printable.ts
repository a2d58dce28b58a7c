/** Control characters, which could move the cursor or change the colours of the reader's terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g

const SHORT: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** A text in one line of a terminal: control characters are written as escapes. */
export function printable(text: string): string {
  return text.replace(CONTROL, (char) => SHORT[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** The start of a text, in one line of at most this many characters. */
export function excerpt(text: string, lengthMax: number): string {
  const start = printable(text.slice(0, lengthMax + 1))
  return start.length > lengthMax ? `${start.slice(0, lengthMax - 1)}…` : start
}
