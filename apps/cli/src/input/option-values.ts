import { InvalidArgumentError } from '@commander-js/extra-typings'
import type { MessageAttribute, MessageAttributes } from '@stanchion/client'

/** A whole number. Which ones make sense, the server says. */
export function parseInteger(text: string): number {
  if (!/^-?\d{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}

/** A whole number of 1 or more. */
export function parseCount(text: string): number {
  const count = parseInteger(text)
  if (count < 1) throw new InvalidArgumentError('It must be 1 or more.')
  return count
}

/** `true` or `false`, for settings that can be switched both ways. */
export function parseBoolean(text: string): boolean {
  if (text === 'true') return true
  if (text === 'false') return false
  throw new InvalidArgumentError('It must be true or false.')
}

/** `all`, `none`, or names with commas between them. */
export function parseSources(text: string): string[] {
  if (text === 'all') return ['*']
  return text === 'none' ? [] : text.split(',')
}

/** Gathers `key=value`, given once for each tag. */
export function collectTag(text: string, tags: Record<string, string> = {}): Record<string, string> {
  const [key, value] = splitPair(text)
  return { ...tags, [key]: value }
}

/** Gathers `name=value`, `name:number=value` or `name:binary=base64`, given once for each attribute. */
export function collectAttribute(text: string, attributes: MessageAttributes = {}): MessageAttributes {
  const [left, value] = splitPair(text)
  // Names may have dots and have no colons.
  const [, name = '', type = 'string', label] = /^([^:]*)(?::([^.]*)(?:\.(.*))?)?$/.exec(left) ?? []
  if (!isAttributeType(type)) throw new InvalidArgumentError(`The type ${type} is none of string, number, binary.`)
  return { ...attributes, [name]: { type, ...(label === undefined ? {} : { label }), value } }
}

function isAttributeType(type: string): type is MessageAttribute['type'] {
  return ['string', 'number', 'binary'].includes(type)
}

function splitPair(text: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('It must have the form key=value.')
  return [text.slice(0, at), text.slice(at + 1)]
}
