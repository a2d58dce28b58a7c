/**
 * The id of a message, derived from its place: lane, send time and counter. It is a UUID of version 7 (RFC 9562), whose
 * 48 bits of time are the send time, so ids sort by it; nothing has to be stored for it, and it is unique because the
 * place is.
 *
 *     time (48) | version (4) | counter, upper 12 | variant (2) | counter, lower 8 | lane and stream (54)
 *
 * @param sentAtMs epoch milliseconds, the upper part of the message's seq
 * @param counter the lower 20 bits of its seq
 * @param lane the lane; negative for its delay stream
 */
export function messageId(sentAtMs: number, counter: number, lane: number): string {
  const code = Math.abs(lane) * 2 + (lane < 0 ? 1 : 0)
  const high = (0x7000 | (counter >>> 8)).toString(16)
  const middle = (0x8000 | ((counter & 0xff) << 6) | Math.floor(code / 2 ** 48)).toString(16)
  return `${timePart(sentAtMs)}-${high}-${middle}-${lanePart(code % 2 ** 48)}`
}

/** Neighbours in a batch mostly share their time and their lane, and so these parts of their ids. */
const timePart = rememberLast((sentAtMs) => {
  const time = hex(sentAtMs)
  return `${time.slice(0, 8)}-${time.slice(8)}`
})
const lanePart = rememberLast(hex)

function hex(value: number): string {
  return value.toString(16).padStart(12, '0')
}

function rememberLast(write: (value: number) => string): (value: number) => string {
  let last = Number.NaN
  let text = ''
  return (value) => {
    if (value !== last) {
      text = write(value)
      last = value
    }
    return text
  }
}

/** The place that an id was made of; `undefined` when it is none of ours. */
export function parseMessageId(id: string): { sentAtMs: number; counter: number; lane: number } | undefined {
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)) return undefined
  const [a, b, high, middle, low] = id.split('-').map((part) => Number.parseInt(part, 16)) as [
    number,
    number,
    number,
    number,
    number,
  ]
  const code = (middle & 0x3f) * 2 ** 48 + low
  const lane = Math.floor(code / 2) * (code % 2 === 1 ? -1 : 1)
  return { sentAtMs: a * 2 ** 16 + b, counter: ((high & 0xfff) << 8) | ((middle >> 6) & 0xff), lane }
}
