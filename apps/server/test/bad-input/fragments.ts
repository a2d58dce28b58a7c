import fc from 'fast-check'

/** A piece of a JSON text, well-formed or not; in bytes where it is no text. */
export type Fragment = string | Buffer

const oneOf = (...fragments: Fragment[]) => fc.constantFrom(...fragments)

/** Bytes between quotes that are not UTF-8: cut off, overlong, a surrogate, beyond the last character. */
const NOT_UTF8 = [[0xff], [0xc3], [0xc0, 0x80], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80]].map(
  (bytes) => Buffer.from([0x22, ...bytes, 0x22]),
)

/** What makes the whole text no JSON, wherever it stands for a value. */
export const NO_JSON: fc.Arbitrary<Fragment> = fc.oneof(
  oneOf('NaN', '-Infinity', 'undefined', '01', '+1', '.5', '1.', '1e', '0x1', "'x'", '"', '"\\x"', '"\\u12"', 'tru'),
  oneOf(
    '"\u0000"',
    '"\n"',
    '"\u001f"',
    '[',
    '{',
    ']',
    '{"a"}',
    '{a:1}',
    '[1,]',
    '{"a":1,}',
    '"a" "b"',
    '',
    ',',
    '/**/',
  ),
  oneOf(...NOT_UTF8),
)

/** Lists in lists, and structures in structures. */
const DEEP: fc.Arbitrary<Fragment> = fc
  .record({ depth: fc.integer({ min: 1, max: 3_000 }), isList: fc.boolean() })
  .map(({ depth, isList }) =>
    isList ? `${'['.repeat(depth)}${']'.repeat(depth)}` : `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
  )

const LISTS: fc.Arbitrary<Fragment> = oneOf('[]', '["x"]', '[null]', '[[]]', '[{}]', '[1,"x"]')
const STRUCTURES: fc.Arbitrary<Fragment> = oneOf(
  '{}',
  '{"a":1}',
  '{"length":1}',
  '{"constructor":{}}',
  '{"toString":1}',
)
const CONTAINERS = fc.oneof(LISTS, STRUCTURES, DEEP)
/** No whole numbers, or none that a number of JavaScript holds exactly. */
const UNSAFE_NUMBERS: fc.Arbitrary<Fragment> = fc.oneof(
  oneOf('1e400', '-1e400', '9007199254740993', '-9007199254740993', '1e308', '0.1', '-0.5', '5e-324'),
  fc.double({ noInteger: true, noNaN: true, noDefaultInfinity: true }).map((number) => JSON.stringify(number)),
)
const BOOLEANS: fc.Arbitrary<Fragment> = oneOf('true', 'false')
const NO_NUMBERS: readonly Fragment[] = [
  ...['""', '"x"', '" 1"', '"1 "', '"1.0"', '"1e3"', '"0x10"', '"NaN"', '"Infinity"', '"-"', '"+"', '"1_0"', '"٣"'],
  `"${'9'.repeat(400)}"`,
]
const TEXTS: fc.Arbitrary<Fragment> = fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text))
const LISTS_WITHIN = fc.oneof(
  LISTS,
  DEEP.filter((text) => text.at(0) === '['),
)

/** AWS JSON: what stands where another kind belongs. SQS itself takes numbers for text and digits for numbers. */
export const WRONG_FOR_SQS = {
  text: fc.oneof(CONTAINERS, UNSAFE_NUMBERS),
  integer: fc.oneof(
    CONTAINERS,
    UNSAFE_NUMBERS,
    BOOLEANS,
    oneOf(...NO_NUMBERS, '2147483648', '-2147483649', '"2147483648"', '1e10'),
  ),
  flag: fc.oneof(CONTAINERS, UNSAFE_NUMBERS, TEXTS),
  blob: fc.oneof(CONTAINERS, UNSAFE_NUMBERS, oneOf('"x"', '"===="', '"YQ"', '"Y Q=="', '"__8="', '"YQ==="')),
  list: fc.oneof(STRUCTURES, TEXTS, UNSAFE_NUMBERS, BOOLEANS),
  map: fc.oneof(LISTS_WITHIN, TEXTS, UNSAFE_NUMBERS, BOOLEANS),
  structure: fc.oneof(LISTS_WITHIN, TEXTS, UNSAFE_NUMBERS, BOOLEANS),
} as const

/** REST takes nothing for something else. */
export const WRONG_FOR_REST: Readonly<Record<string, fc.Arbitrary<Fragment>>> = {
  string: fc.oneof(CONTAINERS, UNSAFE_NUMBERS, BOOLEANS, oneOf('0', '-1', 'null')),
  integer: fc.oneof(CONTAINERS, BOOLEANS, TEXTS, oneOf('0.1', '-0.5', '1e400', 'null', '"1"', ...NO_NUMBERS)),
  number: fc.oneof(CONTAINERS, BOOLEANS, TEXTS, oneOf('null', '"1"', '1e400', ...NO_NUMBERS)),
  boolean: fc.oneof(CONTAINERS, UNSAFE_NUMBERS, TEXTS, oneOf('0', '1', 'null', '"true"')),
  array: fc.oneof(STRUCTURES, TEXTS, UNSAFE_NUMBERS, BOOLEANS, oneOf('null', '{"0":1,"length":1}')),
  object: fc.oneof(LISTS_WITHIN, TEXTS, UNSAFE_NUMBERS, BOOLEANS, oneOf('null')),
}

/** Stands for the value that is replaced, and can stand in neither of its neighbours. */
const PLACE = '\u0001place\u0001'

/** A request body in which a fragment stands at `path`; what is on the way there is made. */
export function bodyWith(base: object, path: readonly (string | number)[], fragment: Fragment): Buffer {
  const copy = structuredClone(base) as Record<string | number, unknown>
  place(copy, path, PLACE)
  const [before = '', after = ''] = JSON.stringify(copy).split(JSON.stringify(PLACE))
  return Buffer.concat([before, fragment, after].map((part) => Buffer.from(part as string)))
}

/** Sets what stands at `path`, and makes what is missing on the way there. */
export function place(
  target: Record<string | number, unknown>,
  path: readonly (string | number)[],
  value: unknown,
): void {
  const [name, ...rest] = path as [string | number, ...(string | number)[]]
  if (rest.length === 0) {
    target[name] = value
    return
  }
  const next = target[name] ?? (typeof rest[0] === 'number' ? [] : {})
  target[name] = next
  place(next as Record<string | number, unknown>, rest, value)
}
