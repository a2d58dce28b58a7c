import { invalidParameter } from '../errors/error-texts.ts'
import { missingResource } from '../errors/move-task-texts.ts'
import { parseQueueArn } from '../queue-arn.ts'
import { isQueueName } from './queue-name.ts'

/** The parameters of move tasks that hold an ARN. */
export type MoveTaskArn = 'SourceArn' | 'DestinationArn'

const RESULTS_MAX = 10
const RESULTS_DEFAULT = 1

/**
 * The name of the queue that an ARN means. A queue of another account or region does not exist for the caller.
 * @throws SqsError `InvalidParameterValueException`, `ResourceNotFoundException`
 */
export function readMoveTaskArn(
  arn: string,
  parameter: MoveTaskArn,
  owner: { readonly region: string; readonly accountId: string },
): string {
  const parsed = parseQueueArn(arn)
  if (parsed === undefined) {
    throw invalidParameter(
      `You must use this format to specify the ${parameter}: arn:<partition>:<service>:<region>:<account-id>:<resource-id>`,
    )
  }
  const { service, region, accountId, name } = parsed
  const isTheirs = service === 'sqs' && region === owner.region && accountId === owner.accountId
  if (!isTheirs || !isQueueName(name)) throw missingResource(parameter)
  return name
}

/**
 * How many tasks ListMessageMoveTasks is asked for.
 * @throws SqsError `InvalidParameterValueException`
 */
export function readMoveTaskResults(maxResults = RESULTS_DEFAULT): number {
  if (maxResults >= 1 && maxResults <= RESULTS_MAX) return maxResults
  throw invalidParameter(
    `Value for parameter MaxResults is invalid. Reason: You must enter a number that's between 1 and ${RESULTS_MAX}.`,
  )
}

/** What the handle of a move task says. */
export interface TaskHandle {
  readonly taskId: string
  readonly sourceArn: string
}

/** The handle of a task, in the form that AWS gives it. It grants nothing: cancelling takes the right to. */
export function formatTaskHandle({ taskId, sourceArn }: TaskHandle): string {
  return Buffer.from(JSON.stringify({ taskId, sourceArn })).toString('base64')
}

/** @throws SqsError `InvalidParameterValueException` */
export function readTaskHandle(handle: string): TaskHandle {
  const { taskId, sourceArn } = parseObject(Buffer.from(handle, 'base64').toString())
  if (typeof taskId !== 'string' || typeof sourceArn !== 'string' || parseQueueArn(sourceArn) === undefined) {
    throw invalidParameter('Value for parameter TaskHandle is invalid.')
  }
  return { taskId, sourceArn }
}

function parseObject(json: string): { readonly [name: string]: unknown } {
  try {
    return (JSON.parse(json) as Record<string, unknown> | null) ?? {}
  } catch {
    return {}
  }
}
