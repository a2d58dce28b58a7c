import { literalOf } from './wildcards.ts'

/** The values of a condition key of a request, by its name in lower case. None: the request has no such key. */
export type ConditionKeys = (name: string) => readonly string[]

/** A text of a policy in which variables may stand. @returns `undefined` when one of them has no value in this request */
export type PolicyText = (keys: ConditionKeys) => string | undefined

const VARIABLE = /\$\{([^{}]*)\}/g
const WITH_DEFAULT = /^(.*?)\s*,\s*'(.*)'$/

/** Reads a text of a policy. Variables are there since the version of 2012; before, they are text like any other. */
export function readPolicyText(text: string, hasVariables: boolean): PolicyText {
  if (!hasVariables || !text.includes('${')) return () => text
  return (keys) => {
    let isComplete = true
    const resolved = text.replace(VARIABLE, (_whole, inside: string) => {
      const literal = literalOf(inside)
      if (literal !== undefined) return literal
      const [, name = inside, fallback] = WITH_DEFAULT.exec(inside) ?? []
      const values = keys(name.trim().toLowerCase())
      // A key with several values has none that could stand here.
      const value = values.length === 1 ? values[0] : fallback
      isComplete &&= value !== undefined
      return value ?? ''
    })
    return isComplete ? resolved : undefined
  }
}
