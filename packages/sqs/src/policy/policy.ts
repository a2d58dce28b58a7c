import { invalidAttributeValue } from '../errors/error-texts.ts'
import { type PolicyText, readPolicyText } from './condition-keys.ts'
import { type Principals, readPrincipals } from './principals.ts'
import { type Condition, readCondition } from './read-condition.ts'
import { toWildcards } from './wildcards.ts'

/** A member that may be turned around by `Not` before its name. */
interface Turnable<T> {
  readonly value: T
  readonly isNegated: boolean
}

/** A statement of a policy, ready to be held against requests. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny'
  readonly principals: Turnable<Principals>
  /** Patterns in lower case. */
  readonly actions: Turnable<readonly string[]>
  /** Patterns. */
  readonly resources: Turnable<readonly PolicyText[]>
  /** All must hold. */
  readonly conditions: readonly Condition[]
}

/** The policy of a queue. */
export interface Policy {
  readonly statements: readonly Statement[]
}

type JsonObject = Readonly<Record<string, unknown>>

/** What a policy of SQS can have. */
const BYTES_MAX = 8_192
const PRINCIPALS_MAX = 50
const CONDITIONS_MAX = 10

const POLICY_MEMBERS = ['Version', 'Id', 'Statement']
const STATEMENT_MEMBERS = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]

/** The version since which variables may stand in a policy. Absent: the one before it, as everywhere in AWS. */
const VERSION_WITH_VARIABLES = '2012-10-17'
const VERSIONS: readonly unknown[] = ['2008-10-17', VERSION_WITH_VARIABLES, undefined]

/** The number of its statements is a rule of the actions that set it, see `checkStatementCount`. @throws SqsError `InvalidAttributeValue` */
export function parsePolicy(text: string): Policy {
  if (Buffer.byteLength(text) > BYTES_MAX || !text.isWellFormed()) throw invalid()
  const policy = toObject(parseJson(text), POLICY_MEMBERS)
  if (!VERSIONS.includes(policy.Version) || !isTextOrAbsent(policy.Id)) throw invalid()
  const given = Array.isArray(policy.Statement) ? policy.Statement : [policy.Statement]
  if (given.length === 0) throw invalid()
  const hasVariables = policy.Version === VERSION_WITH_VARIABLES
  const statements = given.map((statement) => readStatement(statement, hasVariables))
  const principals = statements.reduce((sum, statement) => sum + statement.principals.value.count, 0)
  const conditions = statements.reduce((sum, statement) => sum + statement.conditions.length, 0)
  if (principals > PRINCIPALS_MAX || conditions > CONDITIONS_MAX) throw invalid()
  return { statements }
}

function readStatement(value: unknown, hasVariables: boolean): Statement {
  const statement = toObject(value, STATEMENT_MEMBERS)
  const { Effect } = statement
  if ((Effect !== 'Allow' && Effect !== 'Deny') || !isTextOrAbsent(statement.Sid)) throw invalid()
  return {
    effect: Effect,
    principals: turnable(statement, 'Principal', (given) => readPrincipals(given, toTexts)),
    actions: turnable(statement, 'Action', (given) =>
      toTexts(given)?.map((action) => toWildcards(action.toLowerCase())),
    ),
    resources: turnable(statement, 'Resource', (given) =>
      toTexts(given)?.map((resource) => readPolicyText(toWildcards(resource), hasVariables)),
    ),
    conditions: statement.Condition === undefined ? [] : readConditions(statement.Condition, hasVariables),
  }
}

/** Reads `name` or `Not<name>`, one of which must be there. */
function turnable<T>(statement: JsonObject, name: string, read: (value: unknown) => T | undefined): Turnable<T> {
  const isNegated = statement[name] === undefined
  if (!isNegated && statement[`Not${name}`] !== undefined) throw invalid()
  const value = read(statement[isNegated ? `Not${name}` : name])
  if (value === undefined) throw invalid()
  return { value, isNegated }
}

function readConditions(value: unknown, hasVariables: boolean): Condition[] {
  return Object.entries(toObject(value)).flatMap(([operator, keys]) =>
    Object.entries(toObject(keys)).map(([key, given]) => {
      const values = toTexts(given, true)
      const condition = values === undefined ? undefined : readCondition(operator, key, values, hasVariables)
      if (condition === undefined) throw invalid()
      return condition
    }),
  )
}

/** One text or a list of them. @param isValue whether numbers and booleans stand for their text */
function toTexts(value: unknown, isValue = false): string[] | undefined {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value]
  const texts = items.map((item) =>
    isValue && (Number.isFinite(item) || typeof item === 'boolean') ? String(item) : item,
  )
  if (texts.length === 0) return undefined
  return texts.every((item): item is string => typeof item === 'string' && (isValue || item !== '')) ? texts : undefined
}

function toObject(value: unknown, members?: readonly string[]): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid()
  if (members !== undefined && !Object.keys(value).every((name) => members.includes(name))) throw invalid()
  return value as JsonObject
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === 'string'
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalid()
  }
}

function invalid() {
  return invalidAttributeValue('Policy')
}
