import type { ConditionKeys } from './condition-keys.ts'
import { CONDITION_OPERATORS, type Matches } from './condition-operators.ts'

/** Whether a request meets a condition. */
export type Condition = (keys: ConditionKeys) => boolean

const OPERATOR = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/

/**
 * Reads one key of one operator of the `Condition` of a statement.
 * @returns `undefined` when there is no such operator, or it cannot have one of these values
 */
export function readCondition(
  operatorName: string,
  keyName: string,
  values: readonly string[],
  hasVariables: boolean,
): Condition | undefined {
  const [, quantifier, name = '', ifExists] = OPERATOR.exec(operatorName) ?? []
  const key = keyName.toLowerCase()
  if (name === 'Null') return ifExists === undefined ? readNull(key, values) : undefined
  const operator = CONDITION_OPERATORS.get(name)
  if (operator === undefined || key === '') return undefined
  const { isNegated } = operator
  const alternatives: Matches[] = []
  for (const value of values) {
    const matches = operator.read(value, hasVariables)
    if (matches === undefined) return undefined
    alternatives.push(matches)
  }
  // What IAM says of a key that a request does not have.
  const withoutKey =
    ifExists !== undefined || quantifier === 'ForAllValues' || (isNegated && quantifier !== 'ForAnyValue')
  const needsAll = quantifier === 'ForAllValues' || (isNegated && quantifier === undefined)
  return (keys) => {
    const actual = keys(key)
    if (actual.length === 0) return withoutKey
    const holds = (value: string) => alternatives.some((matches) => matches(value, keys)) !== isNegated
    return needsAll ? actual.every(holds) : actual.some(holds)
  }
}

/** `true`: the key must be absent. */
function readNull(key: string, values: readonly string[]): Condition | undefined {
  const expected: readonly string[] = values.map((value) => value.toLowerCase())
  if (expected.some((value) => value !== 'true' && value !== 'false')) return undefined
  return (keys) => expected.includes(String(keys(key).length === 0))
}
