import type { SqsError } from '../errors/sqs-error.ts'

/** The content type of both requests and responses. */
export const JSON_CONTENT_TYPE = 'application/x-amz-json-1.0'

/** The body of a response: members that are `undefined` are absent, and so must be empty lists and maps. */
export function encodeJson(output: object | undefined): string {
  return output === undefined ? '{}' : JSON.stringify(output)
}

/** The body of an error response. One error has its text under another key, on AWS too. */
export function encodeJsonError({ entry, shape, message }: SqsError): string {
  const key = shape === 'AccessDeniedException' ? 'Message' : 'message'
  return JSON.stringify({ __type: `${entry.namespace}#${shape}`, [key]: message })
}

/** The value of the header `x-amzn-query-error`: exactly two parts, or botocore ignores it. */
export function queryErrorHeader({ entry }: SqsError): string {
  return `${entry.queryCode};${entry.fault}`
}
