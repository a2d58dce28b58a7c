import { type Static, type TSchema, type TUnsafe, Type } from 'typebox'

/** A JSON object with free keys and values of one kind. */
export function FreeKeys<T extends TSchema>(values: T, options: object): TUnsafe<Record<string, Static<T>>> {
  // TypeBox's own Record checks keys against a pattern that no key with a line break matches, and lets those through.
  return Type.Unsafe(Type.Object({}, { ...options, additionalProperties: values }))
}
