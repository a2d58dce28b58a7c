// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find
const SPECIAL = /[&<>"\r\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find
const SPECIAL_ALL = /[&<>"\r\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // A parser turns a raw carriage return into a line feed, and the MD5 of the body no longer fits.
  '\r': '&#xD;',
}

/** Text for an XML element. What XML cannot hold, which only echoes of bad requests contain, becomes U+FFFD. */
export function escapeXml(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed()
  if (!SPECIAL.test(wellFormed)) return wellFormed
  return wellFormed.replace(SPECIAL_ALL, (character) => ESCAPES[character] ?? '\ufffd')
}
