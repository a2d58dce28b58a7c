import { invalidValue } from '../errors/error-texts.ts'
import type { SqsError } from '../errors/sqs-error.ts'

/** 1 to 128 letters, digits and punctuation, all of ASCII. */
const TOKEN = /^[!-~]{1,128}$/

/**
 * The rule of message groups, deduplication ids and attempts.
 * @returns the error, or `undefined`, also when there is no value
 */
export function checkToken(
  value: string | undefined,
  parameter: 'MessageGroupId' | 'MessageDeduplicationId' | 'ReceiveRequestAttemptId',
): SqsError | undefined {
  if (value === undefined || TOKEN.test(value)) return undefined
  return invalidValue(
    value,
    parameter,
    `${parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
  )
}
