import { invalidParameter } from '../errors/error-texts.ts'
import { SqsError } from '../errors/sqs-error.ts'
import type { MessageAttributeValue, MessageAttributeValues } from '../shapes/message-attribute-value.ts'
import { isNumberText } from './number-text.ts'

const ATTRIBUTES_MAX = 10
const NAME_LENGTH_MAX = 256
const TYPE_LENGTH_MAX = 256
const RESERVED_NAME = /^(?:aws|amazon)\./i
const NAME = /^[A-Za-z0-9_.-]*$/
const TYPE = /^(String|Number|Binary)(?:\.|$)/

/** The one system attribute that can be sent. */
export const TRACE_HEADER = 'AWSTraceHeader'
const TRACE_HEADER_BYTES_MAX = 8_192

/**
 * The rules of message attributes, with the words of SQS. Forbidden characters in a text value are left to the engine,
 * which looks at all text once.
 * @returns the first error, or `undefined`
 */
export function checkMessageAttributes(attributes: MessageAttributeValues): SqsError | undefined {
  const names = Object.keys(attributes)
  if (names.length > ATTRIBUTES_MAX) {
    return invalidParameter(
      `Number of message attributes [${names.length}] exceeds the allowed maximum [${ATTRIBUTES_MAX}].`,
    )
  }
  for (const name of names) {
    const error = checkName(name) ?? checkValue(name, attributes[name] as MessageAttributeValue, 'user')
    if (error !== undefined) return error
  }
  return undefined
}

/**
 * The rules of message system attributes: a trace header, as text.
 * @returns the first error, or `undefined`
 */
export function checkMessageSystemAttributes(attributes: MessageAttributeValues): SqsError | undefined {
  for (const [name, value] of Object.entries(attributes)) {
    if (name !== TRACE_HEADER) return invalidParameter(`Message system attribute name '${clip(name)}' is invalid.`)
    const error = checkValue(name, value, 'system')
    if (error !== undefined) return error
    if (value.DataType !== 'String') {
      return invalidParameter(
        `The type of message (system) attribute '${name}' is invalid. You must use only the following supported type prefixes: String.`,
      )
    }
    // It does not count into the size of the message, so it needs a limit of its own. HTTP headers end about here, too.
    if (Buffer.byteLength(value.StringValue ?? '') > TRACE_HEADER_BYTES_MAX) {
      return invalidParameter(
        `Message (system) attribute '${name}' must be shorter than ${TRACE_HEADER_BYTES_MAX} bytes.`,
      )
    }
  }
  return undefined
}

function checkName(name: string): SqsError | undefined {
  if (name === '') return invalidParameter('The request must contain non-empty message (user) attribute names.')
  if (name.length > NAME_LENGTH_MAX) {
    return invalidParameter('Message (user) attribute name must be shorter than 256 bytes.')
  }
  if (RESERVED_NAME.test(name)) {
    return invalidParameter(
      "You can't use message attribute names beginning with 'AWS.' or 'Amazon'. These strings are reserved for internal use.",
    )
  }
  if (name.startsWith('.')) {
    return invalidParameter("Message (user) attribute name must not begin with character '.'.")
  }
  if (name.endsWith('.')) return invalidParameter("Message (user) attribute name must not end with character '.'.")
  if (name.includes('..')) {
    return invalidParameter("Message (user) attribute name must not have successive '.' characters.")
  }
  if (!NAME.test(name)) {
    return invalidParameter(
      'Invalid non-alphanumeric character was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.',
    )
  }
  return undefined
}

/** @param kind how the texts call the attribute */
function checkValue(name: string, value: MessageAttributeValue, kind: 'user' | 'system'): SqsError | undefined {
  const attribute = `message (${kind}) attribute '${name}'`
  const { DataType, StringValue, BinaryValue, StringListValues = [], BinaryListValues = [] } = value
  if (StringListValues.length > 0 || BinaryListValues.length > 0) {
    return new SqsError(
      'UnsupportedOperation',
      'Message attribute list values in SendMessage operation are not supported.',
    )
  }
  if (DataType === undefined && StringValue === undefined && BinaryValue === undefined) {
    return invalidParameter(`The ${attribute} must contain a non-empty message attribute value.`)
  }
  if (DataType === undefined || DataType === '') {
    return invalidParameter(`The ${attribute} must contain a non-empty message attribute type.`)
  }
  if (DataType.length > TYPE_LENGTH_MAX) {
    return invalidParameter(`Message (${kind}) attribute type must be shorter than 256 bytes.`)
  }
  const type = TYPE.exec(DataType)?.[1]
  if (type === undefined) {
    return invalidParameter(
      `The type of ${attribute} is invalid. You must use only the following supported type prefixes: Binary, Number, String.`,
    )
  }
  if (StringValue !== undefined && BinaryValue !== undefined) {
    return invalidParameter(`Message (${kind}) attribute '${name}' must have a single value.`)
  }
  const [given, other, field] =
    type === 'Binary' ? [BinaryValue, StringValue, 'Binary'] : [StringValue, BinaryValue, 'String']
  if (given === undefined && other !== undefined) {
    return invalidParameter(`Message (${kind}) attribute '${name}' with type '${DataType}' must use field '${field}'.`)
  }
  if (given === undefined || given === '') {
    return invalidParameter(
      `Message (${kind}) attribute '${name}' must contain a non-empty value of type '${DataType}'.`,
    )
  }
  if (type === 'Number' && !isNumberText(given)) {
    return invalidParameter(`Can't cast the value of ${attribute} to a number.`)
  }
  return undefined
}

function clip(name: string): string {
  return name.length <= NAME_LENGTH_MAX ? name : `${name.slice(0, NAME_LENGTH_MAX)}…`
}
