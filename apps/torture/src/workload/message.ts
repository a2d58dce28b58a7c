import type { OutgoingEntry } from '../history/event.ts'
import type { Random } from '../random.ts'
import { md5OfAttributes, md5OfBody } from './digests.ts'

/** Values beside a body, by name; a binary one in base64. */
export type Attributes = Readonly<
  Record<string, { readonly type: 'String' | 'Number' | 'Binary'; readonly value: string }>
>

/** A message with all that goes over the wire. */
export interface NewMessage {
  readonly body: string
  readonly attributes: Attributes
  /** What the history keeps of it. */
  readonly entry: OutgoingEntry
}

/** Whatever is likely to be broken on its way: markup, line ends, escapes, several planes of Unicode. */
const PIECES = ['&<>"\'', '\r\n', '\t', '\\u0041\\', '%41+ %', 'ü', '漢字', '🦊', '{"a":[1]}', ']]>', 'x', '   ']
const PIECES_MAX = 24
const LARGE_CHARACTERS_MAX = 20_000

/** Ends the value at the beginning of a body. */
const MARK = '|'

/** Makes a message up. Its body begins with its value. */
export function makeMessage(
  random: Random,
  value: string,
  settings: Pick<OutgoingEntry, 'group' | 'deduplicationId' | 'delaySeconds'>,
): NewMessage {
  const pieces = Array.from({ length: random.between(0, PIECES_MAX) }, () => random.pick(PIECES))
  const padding = random.chance(0.03) ? 'y'.repeat(random.between(1_000, LARGE_CHARACTERS_MAX)) : ''
  const body = `${value}${MARK}${pieces.join('')}${padding}${MARK}`
  const attributes = random.chance(0.2) ? makeAttributes(random) : {}
  const attributesMd5 = md5OfAttributes(attributes)
  const entry: OutgoingEntry = {
    ...{ value, md5: md5OfBody(body), ...settings },
    ...(attributesMd5 === undefined ? {} : { attributesMd5 }),
  }
  return { body, attributes, entry }
}

/** What a body begins with; the beginning of one that is none of ours. */
export function valueIn(body: string): string {
  const end = body.indexOf(MARK)
  return end < 0 ? body.slice(0, 100) : body.slice(0, end)
}

function makeAttributes(random: Random): Attributes {
  return {
    text: { type: 'String', value: `${random.pick(PIECES).trim()}.` },
    number: { type: 'Number', value: String(random.between(-1_000, 1_000)) },
    'some.bytes': { type: 'Binary', value: Buffer.from([random.between(0, 255), 0, 255]).toString('base64') },
  }
}
