import { invalidParameter } from '../errors/error-texts.ts'
import { isQueueName } from './queue-name.ts'

const RESULTS_MAX = 1_000

interface ListParameters {
  readonly QueueNamePrefix?: string | undefined
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
}

/** Where a page of ListQueues begins and how long it is. */
export interface ListPage {
  readonly limit: number
  /** The last name of the page before. */
  readonly after: string | undefined
}

/**
 * Reads the page that ListQueues asks for.
 * @throws SqsError `InvalidParameterValueException`
 */
export function readListPage({ QueueNamePrefix = '', MaxResults, NextToken }: ListParameters): ListPage {
  if (MaxResults !== undefined && !(MaxResults >= 1 && MaxResults <= RESULTS_MAX)) {
    throw invalidParameter(
      'Value for parameter MaxResults is invalid. Reason: MaxResults must be an integer between 1 and 1000.',
    )
  }
  if (NextToken === undefined) return { limit: MaxResults ?? RESULTS_MAX, after: undefined }
  if (MaxResults === undefined) {
    throw invalidParameter('MaxResults is a mandatory parameter when you provide a value for NextToken.')
  }
  return { limit: MaxResults, after: readNextToken(NextToken, QueueNamePrefix) }
}

/** The token of the page that follows a name; absent unless the request asked for pages. */
export function nextTokenAfter(
  last: string | undefined,
  { QueueNamePrefix = '', MaxResults }: ListParameters,
): string | undefined {
  if (last === undefined || MaxResults === undefined) return undefined
  return Buffer.from(`${last}/${QueueNamePrefix}`).toString('base64url')
}

function readNextToken(token: string, prefix: string): string {
  const text = Buffer.from(token, 'base64url').toString()
  const slash = text.indexOf('/')
  const after = text.slice(0, slash)
  if (slash < 0 || !isQueueName(after) || Buffer.from(text).toString('base64url') !== token) {
    throw invalidParameter('Invalid or expired next token.')
  }
  if (text.slice(slash + 1) !== prefix) {
    throw invalidParameter(
      'Invalid NextToken value. If you are passing in NextToken, you must not change the other request parameters.',
    )
  }
  return after
}
