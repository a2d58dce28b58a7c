import { isUtf8 } from 'node:buffer'
import { malformedInput, missingParameter } from '../errors/error-texts.ts'
import type { Action } from '../shapes/action.ts'
import type { ListShape, MapShape, Member, Shape, StructureShape } from '../shapes/shape.ts'
import { checkBase64, checkInteger, toInteger } from './decode-scalar.ts'

type JsonObject = { readonly [name: string]: unknown }

/**
 * Reads the body of an AWS JSON 1.0 request. The bytes must be UTF-8: a decoder would quietly replace what is not, and
 * the message stored would not be the message sent. Unknown members are ignored, `null` is absence, an empty body is `{}`.
 * @throws SqsError `SerializationException`, `MissingRequiredParameterException`
 */
export function decodeJson<Input>(action: Action<Input>, body: Uint8Array): Input {
  if (!isUtf8(body)) throw malformedInput('The request body is not valid UTF-8.')
  return decodeStructure(action.input, parse(body)) as Input
}

function parse(body: Uint8Array): unknown {
  if (body.length === 0) return {}
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    throw malformedInput('The request body is not valid JSON.')
  }
}

function decodeStructure(shape: StructureShape, value: unknown): JsonObject {
  if (!isObject(value)) throw malformedInput('Expected a structure, but found another kind of value.')
  if (isDecoded(shape, value)) return value
  const result: Record<string, unknown> = {}
  for (const [name, member] of shape.entries) {
    const given = value[name]
    // What every object inherits (`constructor`, …) is no member of ours: names of members begin with another letter.
    const decoded = given === undefined || given === null ? undefined : decodeValue(member.shape, given)
    if (decoded !== undefined && !(member.isRequired && isEmpty(decoded))) result[name] = decoded
    else if (member.isRequired) throw missingParameter(missingNameOf(name, member))
  }
  return result
}

/**
 * Whether a structure is already what reading it would make of it, as nearly all are: every member is one of ours and of the right kind,
 * and none is missing. It is told by what is there, which is less than what could be, and spares the copy.
 */
function isDecoded(shape: StructureShape, value: JsonObject): boolean {
  let missing = shape.requiredCount
  for (const name in value) {
    const member = shape.byName.get(name)
    const given = value[name]
    if (member === undefined || !isValueDecoded(member.shape, given)) return false
    if (member.isRequired) {
      if (isEmpty(given)) return false
      missing--
    }
  }
  return missing === 0
}

/** Kinds that are read in a way of their own say no. */
function isValueDecoded(shape: Shape, value: unknown): boolean {
  switch (shape.kind) {
    case 'text':
      return typeof value === 'string'
    case 'integer':
      return typeof value === 'number' && (value | 0) === value
    case 'flag':
      return typeof value === 'boolean'
    case 'list':
      return Array.isArray(value) && value.every((item) => isValueDecoded(shape.item, item))
    case 'structure':
      return isObject(value) && isDecoded(shape, value)
    case 'blob':
    case 'map':
      return false
  }
}

function missingNameOf(name: string, member: Member): string {
  return member.missingName ?? name
}

/** Whether a required member that is there counts as absent. An empty list does not: it has errors of its own. */
export function isEmpty(value: unknown): boolean {
  if (value === '') return true
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  for (const _ in value) return false
  return true
}

function decodeValue(shape: Shape, value: unknown): unknown {
  switch (shape.kind) {
    case 'text':
      return typeof value === 'string' ? value : toText(value)
    case 'integer':
      return decodeInteger(value)
    case 'blob':
      return checkBase64(typeof value === 'string' ? value : toText(value))
    case 'flag':
      if (typeof value === 'boolean') return value
      throw malformedInput('The value can not be converted to a Boolean')
    case 'list':
      return decodeList(shape, value)
    case 'map':
      return decodeMap(shape, value)
    case 'structure':
      return decodeStructure(shape, value)
  }
}

/**
 * SQS takes numbers and booleans for text. So do we, unless reading the number has changed it already: then the text would
 * not be what was sent.
 */
function toText(value: unknown): string {
  if (typeof value === 'boolean' || Number.isSafeInteger(value)) return String(value)
  if (typeof value === 'number') throw malformedInput('NUMBER_VALUE can not be converted to a String')
  throw containerError(value)
}

function decodeInteger(value: unknown): number {
  if (typeof value === 'number') return checkInteger(value)
  if (typeof value === 'string') return toInteger(value)
  if (typeof value === 'boolean')
    throw malformedInput(`${value ? 'TRUE' : 'FALSE'}_VALUE can not be converted to an Integer`)
  throw containerError(value)
}

function decodeList(shape: ListShape, value: unknown): unknown[] {
  if (!Array.isArray(value)) throw malformedInput('Expected a list, but found another kind of value.')
  return value.map((item) => {
    if (item === null) throw malformedInput('A list can not contain null.')
    return decodeValue(shape.item, item)
  })
}

function decodeMap(shape: MapShape, value: unknown): JsonObject {
  if (!isObject(value)) throw malformedInput('Expected a map, but found another kind of value.')
  // Without a prototype, so that `__proto__` is a key like any other.
  const result: Record<string, unknown> = Object.create(null)
  for (const name of Object.keys(value)) {
    const item = value[name]
    if (item === null) {
      // A message attribute without a value has its own error; a text of null is no text.
      if (shape.value.kind === 'structure') result[name] = {}
    } else if (Array.isArray(item) && shape.value.kind === 'text') {
      throw malformedInput('Unrecognized collection type class java.lang.String')
    } else {
      result[name] = decodeValue(shape.value, item)
    }
  }
  return result
}

function containerError(value: unknown) {
  return malformedInput(
    Array.isArray(value)
      ? 'Start of list found where not expected'
      : 'Start of structure or map found where not expected.',
  )
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
