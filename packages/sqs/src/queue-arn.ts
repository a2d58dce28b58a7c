/** What the ARN of a queue says. */
export interface QueueArn {
  readonly partition: string
  readonly service: string
  readonly region: string
  readonly accountId: string
  readonly name: string
}

const ARN = /^arn:([^:]+):([^:]+):([^:]+):([^:]+):([^:]+)$/

/**
 * Reads an ARN of the form `arn:<partition>:<service>:<region>:<account>:<resource>`. Whether the service is SQS, and whether such
 * a queue exists, is for the caller to ask.
 * @returns `undefined` when it has another form
 */
export function parseQueueArn(arn: string): QueueArn | undefined {
  const match = ARN.exec(arn)
  if (match === null) return undefined
  const [, partition = '', service = '', region = '', accountId = '', name = ''] = match
  return { partition, service, region, accountId, name }
}
