import { invalidParameter } from '../errors/error-texts.ts'

const TAGS_MAX = 50
const KEY_LENGTH_MAX = 128
const VALUE_LENGTH_MAX = 256
const TAG_TEXT = /^[\p{L}\p{N}\p{Z}_.:/=+\-@]*$/u

/**
 * The rules of the tags of one request.
 * @throws SqsError `InvalidParameterValueException`
 */
export function checkTags(queueName: string, tags: Readonly<Record<string, string>>): void {
  const entries = Object.entries(tags)
  if (entries.length > TAGS_MAX) throw tooManyTags(queueName)
  for (const [key, value] of entries) {
    if (key.length < 1 || key.length > KEY_LENGTH_MAX) {
      throw invalidParameter('Tag keys must be between 1 and 128 characters in length.')
    }
    if (value.length > VALUE_LENGTH_MAX) {
      throw invalidParameter('Tag values must be between 0 and 256 characters in length.')
    }
    if (/^aws:/i.test(key)) throw invalidParameter("Tag keys must not begin with 'aws:'.")
    if (!TAG_TEXT.test(key)) throw tagCharacters('keys')
    if (!TAG_TEXT.test(value)) throw tagCharacters('values')
  }
}

/** A queue cannot have so many tags. */
export function tooManyTags(queueName: string) {
  return invalidParameter(`Too many tags added for queue ${queueName}.`)
}

function tagCharacters(what: 'keys' | 'values') {
  return invalidParameter(
    `Tag ${what} may only contain unicode letters, digits, whitespace, or one of these symbols: _ . : / = + - @`,
  )
}
