import fc from 'fast-check'

/** Names that every object of JavaScript has. */
export const PROTOTYPE_NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype', 'valueOf']

/** Text that is neither a name, a number, an ARN, a URL of a queue nor a handle. */
export const GARBAGE: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '\u0000',
    'a\u0000b',
    '\u001b[2J',
    '\r\nX-Injected: 1',
    '\u2028',
    '\ufeff',
    '\ufffe',
    '\ud800',
    'x\udfff',
  ),
  fc.constantFrom("'; DROP TABLE stanchion.queue; --", '{{x}}', '<!ENTITY x "y">', ']]>', '../../etc/passwd!'),
  fc.constantFrom('!'.repeat(5_000), '%', '%00', '%ff', '?', '#', '!/?#', '€', '𝒳', '!'.repeat(100_000)),
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => `${text}!`),
)

/** Neither 1 to 128 characters of ASCII, nor nothing. */
export const BAD_TOKENS = fc.oneof(
  fc.constantFrom('a b', ' ', 'x'.repeat(129), 'ä', '\u0000', 'a\n', '\u007f', '\ud800'),
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => `${text}\t`),
)

/** No queue can have one of these. */
export const BAD_QUEUE_NAMES = fc.oneof(
  GARBAGE,
  fc.constantFrom('', 'x'.repeat(81), '.fifo', 'a.b', 'a/b', 'x.fifo.fifo', ' a'),
)

/** Characters that no message may hold, and too many of them. */
export const BAD_BODIES = fc.oneof(
  fc.constantFrom('', '\u0000', '\uffff', '\ufffe', '\ud800', '\u0008', 'a\u001f', '\udc00\ud800'),
  fc
    .tuple(fc.string({ unit: 'binary', maxLength: 20 }), fc.constantFrom('\u0000', '\ufffe', '\u000b'), fc.string())
    .map((parts) => parts.join('')),
)

/** A signed text in which one character is another one, or that is cut, or that something is added to. */
export function alteredHandles(handle: string): fc.Arbitrary<string> {
  const changed = fc.nat({ max: handle.length - 1 }).map((at) => {
    const other = handle[at] === 'A' ? 'B' : 'A'
    return `${handle.slice(0, at)}${other}${handle.slice(at + 1)}`
  })
  const cut = fc.integer({ min: 1, max: handle.length - 1 }).map((length) => handle.slice(0, length))
  const longer = fc.constantFrom(`${handle}A`, ` ${handle}`, `${handle}\n`, `${handle}=`, handle + handle)
  return fc.oneof(changed, changed, cut, longer, GARBAGE)
}
