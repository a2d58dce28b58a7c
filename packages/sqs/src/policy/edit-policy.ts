import { invalidParameter, invalidValue, missingParameter } from '../errors/error-texts.ts'
import { SqsError } from '../errors/sqs-error.ts'
import { GRANTABLE_ACTIONS, OWNER_ACTIONS } from './permission-actions.ts'
import { parsePolicy } from './policy.ts'

const ACTIONS_MAX = 7
const STATEMENTS_MAX = 20
const LABEL = /^[A-Za-z0-9_-]{1,80}$/
const ACCOUNT = /^\d{12}$/

/** What AddPermission asks for. */
export interface NewPermission {
  readonly Label: string
  readonly AWSAccountIds?: readonly string[] | undefined
  readonly Actions?: readonly string[] | undefined
}

/** A policy as it is written, its list of statements made one. */
interface WrittenPolicy {
  readonly Statement: readonly WrittenStatement[]
}

interface WrittenStatement {
  readonly Sid?: string
}

/**
 * The rules of AddPermission that do not depend on the policy.
 * @throws SqsError `InvalidParameterValueException`, `MissingRequiredParameterException`, `OverLimit`
 */
export function checkPermission({ Label, AWSAccountIds = [], Actions = [] }: NewPermission): void {
  checkLabel(Label)
  if (Actions.length === 0) throw missingParameter('Actions')
  const strangers = AWSAccountIds.filter((id) => !ACCOUNT.test(id))
  if (AWSAccountIds.length === 0 || strangers.length > 0) {
    throw invalidValue(`[${strangers.join(', ')}]`, 'PrincipalId', 'Unable to verify.')
  }
  if (Actions.length > ACTIONS_MAX) throw overLimit(Actions.length, 'Actions', ACTIONS_MAX)
  for (const action of Actions) {
    if (action === '*' || GRANTABLE_ACTIONS.has(action)) continue
    throw invalidValue(
      `SQS:${action}`,
      'ActionName',
      OWNER_ACTIONS.has(action)
        ? 'Only the queue owner is allowed to invoke this action.'
        : 'Please refer to the appropriate WSDL for a list of valid actions.',
    )
  }
}

/** @throws SqsError `InvalidParameterValueException` */
export function checkLabel(label: string): void {
  if (LABEL.test(label)) return
  throw invalidValue(
    label,
    'Label',
    'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.',
  )
}

/**
 * The text of a policy with one permission more. The same permission twice changes nothing.
 * @param text absent: there is no policy yet
 * @throws SqsError `InvalidParameterValueException`, `OverLimit`
 */
export function withPermission(text: string | undefined, queueArn: string, permission: NewPermission): string {
  const { Label, AWSAccountIds = [], Actions = [] } = permission
  const statement = {
    Sid: Label,
    Effect: 'Allow',
    Principal: { AWS: oneOrAll(AWSAccountIds.map((id) => `arn:aws:iam::${id}:root`)) },
    Action: oneOrAll(Actions.map((action) => `SQS:${action}`)),
    Resource: queueArn,
  }
  const policy = readWritten(text) ?? { Version: '2008-10-17', Id: `${queueArn}/SQSDefaultPolicy`, Statement: [] }
  const known = policy.Statement.find(({ Sid }) => Sid === Label)
  if (known !== undefined) {
    if (text !== undefined && JSON.stringify(known) === JSON.stringify(statement)) return text
    throw invalidValue(Label, 'Label', 'Already exists.')
  }
  const count = policy.Statement.length + 1
  if (count > STATEMENTS_MAX) throw overLimit(count, 'Statements', STATEMENTS_MAX)
  const changed = JSON.stringify({ ...policy, Statement: [...policy.Statement, statement] })
  // It may have become too long, or name too many accounts.
  parsePolicy(changed)
  return changed
}

/**
 * The text of a policy without the permission of this label; `undefined` when nothing is left of it.
 * @throws SqsError `InvalidParameterValueException`
 */
export function withoutPermission(text: string | undefined, label: string): string | undefined {
  const policy = readWritten(text)
  if (policy === undefined) throw invalidValue(label, 'Label', "can't find label.")
  const Statement = policy.Statement.filter(({ Sid }) => Sid !== label)
  if (Statement.length === policy.Statement.length) {
    throw invalidValue(label, 'Label', "can't find label on existing policy.")
  }
  return Statement.length === 0 ? undefined : JSON.stringify({ ...policy, Statement })
}

/**
 * The number of statements of a policy that is set as a whole.
 * @param isNew whether it comes with a new queue, where the same rule is another error
 * @throws SqsError `InvalidParameterValueException`, `OverLimit`
 */
export function checkStatementCount(count: number, isNew: boolean): void {
  if (count <= STATEMENTS_MAX) return
  const error = overLimit(count, 'Statements', STATEMENTS_MAX)
  throw isNew ? invalidParameter(error.message) : error
}

/** @param text a policy that was accepted, hence one that can be read */
function readWritten(text: string | undefined): WrittenPolicy | undefined {
  if (text === undefined) return undefined
  const policy = JSON.parse(text) as { Statement: WrittenStatement | readonly WrittenStatement[] }
  const { Statement } = policy
  return { ...policy, Statement: Array.isArray(Statement) ? Statement : [Statement as WrittenStatement] }
}

function oneOrAll(texts: readonly string[]): string | readonly string[] {
  return texts.length === 1 ? (texts[0] as string) : texts
}

function overLimit(count: number, what: 'Actions' | 'Statements', max: number): SqsError {
  return new SqsError('OverLimit', `${count} ${what} were found, maximum allowed is ${max}.`)
}
