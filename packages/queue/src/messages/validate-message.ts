import { QueueError } from '../errors.ts'
import { LIMITS, type QueueSettingRanges } from '../limits.ts'
import { checkSetting } from '../queues/validate-queue.ts'
import type { MessageAttribute, NewMessage, QueueSettings } from '../types.ts'
import { messageBytes } from './message-bytes.ts'

/** Control characters other than tab, line feed and carriage return, and the two non-characters (SQS rule). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/

/** Letters, digits, `_`, `-` and `.`; no dot at either end, no two in a row. */
const ATTRIBUTE_NAME = /^(?!.*\.\.)[A-Za-z0-9_-](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?$/
const RESERVED_NAME = /^(?:aws|amazon)\./i

/** A decimal number with an optional exponent. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

/** Up to this delay a message that nobody can ever receive is accepted, as on SQS. */
const SILENT_DELAY_SECONDS = 900

/** 1 to 128 visible ASCII characters. */
const ID = /^[!-~]{1,128}$/

/** Whether a text can be the id of a message group, a deduplication id or an attempt id. */
export function isId(text: string): boolean {
  return ID.test(text)
}

/** The error of a text that cannot. */
export function invalidId(field: 'groupId' | 'deduplicationId' | 'attemptId'): QueueError {
  return invalid(field, `${field} has 1 to 128 characters, all of them letters, digits and punctuation of ASCII.`)
}

/** Whether every character of a text may stand in a message. */
export function hasAllowedCharacters(text: string): boolean {
  return !FORBIDDEN.test(text) && text.isWellFormed()
}

/**
 * Decides about one message before it joins a statement with others, so that no row can spoil its neighbours' (G22).
 * @returns the error, or `undefined` when the message may be stored
 */
export function validateMessage(
  message: NewMessage,
  settings: QueueSettings,
  ranges: QueueSettingRanges,
): QueueError | undefined {
  if (message.body.length === 0)
    return new QueueError('messageEmpty', 'The message body has no bytes.', { field: 'body' })
  if (!hasAllowedCharacters(message.body)) return invalidCharacters('body')
  if (message.delaySeconds !== undefined) {
    const error = checkSetting(ranges, 'delaySeconds', message.delaySeconds)
    if (error !== undefined) return error
  }
  const delaySeconds = message.delaySeconds ?? settings.delaySeconds
  if (delaySeconds > SILENT_DELAY_SECONDS && delaySeconds >= settings.retentionSeconds) {
    return invalid(
      'delaySeconds',
      `After a delay of ${delaySeconds} seconds the message would have outlived the retention of the queue, ${settings.retentionSeconds} seconds.`,
    )
  }
  if (message.traceHeader !== undefined && !hasAllowedCharacters(message.traceHeader))
    return invalidCharacters('traceHeader')
  if (message.attributes !== undefined) {
    const entries = Object.entries(message.attributes)
    if (entries.length > LIMITS.messageAttributesMax) {
      return invalid('attributes', `A message has at most ${LIMITS.messageAttributesMax} attributes.`)
    }
    for (const [name, attribute] of entries) {
      const error = validateAttribute(name, attribute)
      if (error !== undefined) return error
    }
  }
  if (messageBytes(message) > settings.messageBytesMax) {
    return new QueueError(
      'messageTooLarge',
      `Body and attributes together have more than ${settings.messageBytesMax} bytes, which is the limit of the queue.`,
      { field: 'body', limitBytes: settings.messageBytesMax },
    )
  }
  return undefined
}

function validateAttribute(name: string, { type, label, value }: MessageAttribute): QueueError | undefined {
  const field = `attributes.${name}`
  if (name.length > LIMITS.attributeNameLengthMax || !ATTRIBUTE_NAME.test(name) || RESERVED_NAME.test(name)) {
    return invalid(
      'attributes',
      'An attribute name has 1 to 256 letters, digits, "_", "-" and single inner dots, and does not begin with "AWS." or "Amazon.".',
    )
  }
  if (type !== 'string' && type !== 'number' && type !== 'binary') {
    return invalid(field, 'An attribute is of type string, number or binary.')
  }
  if (label !== undefined && type.length + 1 + label.length > LIMITS.attributeTypeLengthMax) {
    return invalid(field, 'Type and label of an attribute have at most 256 characters together.')
  }
  if (label !== undefined && !hasAllowedCharacters(label)) return invalidCharacters(field)
  if (value.length === 0) return invalid(field, 'An attribute value is not empty.')
  if (type === 'string' && !hasAllowedCharacters(value)) return invalidCharacters(field)
  if (type === 'number' && !isNumber(value)) {
    return invalid(field, 'A number has at most 38 digits and lies between 1e-128 and 1e126.')
  }
  if (type === 'binary' && Buffer.from(value, 'base64').toString('base64') !== value) {
    return invalid(field, 'A binary value is base64 with padding.')
  }
  return undefined
}

/** A decimal number of up to 38 digits between 10^-128 and 10^126, or zero (SQS rule). */
export function isNumber(text: string): boolean {
  if (text.length > 256 || !NUMBER.test(text)) return false
  const digits = text
    .replace(/[eE].*$/, '')
    .replace(/[^0-9]/g, '')
    .replace(/^0+/, '')
    .replace(/0+$/, '')
  const magnitude = Math.abs(Number(text))
  return digits.length <= 38 && (digits.length === 0 || (magnitude >= 1e-128 && magnitude <= 1e126))
}

function invalid(field: string, text: string): QueueError {
  return new QueueError('invalidArgument', text, { field })
}

function invalidCharacters(field: string): QueueError {
  return new QueueError(
    'invalidCharacters',
    'Allowed are tab, line feed, carriage return, and all of Unicode from U+0020 except surrogates, U+FFFE and U+FFFF.',
    { field },
  )
}
