/** What the wire says about one error. */
export interface ErrorEntry {
  /** Stands before the `#` of `__type` in JSON. */
  readonly namespace: 'com.amazonaws.sqs' | 'com.amazon.coral.service'
  /** The `Code` of the Query protocol, of batch results and of the header `x-amzn-query-error`. */
  readonly queryCode: string
  readonly status: number
}

const A = 'AWS.SimpleQueueService'
const sqs = (queryCode: string, status = 400): ErrorEntry => ({ namespace: 'com.amazonaws.sqs', queryCode, status })
const coral = (queryCode: string, status = 400): ErrorEntry => ({
  namespace: 'com.amazon.coral.service',
  queryCode,
  status,
})

/** The errors of Amazon SQS that a caller can bring about, by their JSON shape. */
export const ERRORS = {
  QueueDoesNotExist: sqs(`${A}.NonExistentQueue`),
  QueueNameExists: sqs('QueueAlreadyExists'),
  QueueDeletedRecently: sqs(`${A}.QueueDeletedRecently`),
  PurgeQueueInProgress: sqs(`${A}.PurgeQueueInProgress`, 403),
  InvalidAttributeName: sqs('InvalidAttributeName'),
  InvalidAttributeValue: sqs('InvalidAttributeValue'),
  InvalidMessageContents: sqs('InvalidMessageContents'),
  ReceiptHandleIsInvalid: sqs('ReceiptHandleIsInvalid', 404),
  OverLimit: sqs('OverLimit', 403),
  EmptyBatchRequest: sqs(`${A}.EmptyBatchRequest`),
  TooManyEntriesInBatchRequest: sqs(`${A}.TooManyEntriesInBatchRequest`),
  BatchEntryIdsNotDistinct: sqs(`${A}.BatchEntryIdsNotDistinct`),
  InvalidBatchEntryId: sqs(`${A}.InvalidBatchEntryId`),
  BatchRequestTooLong: sqs(`${A}.BatchRequestTooLong`),
  UnsupportedOperation: sqs(`${A}.UnsupportedOperation`),
  ResourceNotFoundException: sqs('ResourceNotFoundException', 404),
  InvalidParameterValueException: coral('InvalidParameterValue'),
  MissingRequiredParameterException: coral('MissingParameter'),
  UnknownOperationException: coral('InvalidAction'),
  SerializationException: coral('MalformedInput'),
  AccessDeniedException: coral('AccessDenied', 403),
  UnrecognizedClientException: coral('InvalidClientTokenId', 403),
  InvalidSignatureException: coral('SignatureDoesNotMatch', 403),
  IncompleteSignatureException: coral('IncompleteSignature'),
  MissingAuthenticationTokenException: coral('MissingAuthenticationToken', 403),
} as const satisfies Record<string, ErrorEntry>

export type ErrorName = keyof typeof ERRORS
