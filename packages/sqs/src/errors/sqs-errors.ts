/** What the wire says about one error. */
export interface SqsErrorEntry {
  /** Stands before the `#` of `__type` in JSON. */
  readonly namespace: 'com.amazonaws.sqs' | 'com.amazon.coral.service'
  /** The `Code` of the Query protocol, of batch results, and of the header `x-amzn-query-error`. */
  readonly queryCode: string
  readonly status: number
  /** Who is to blame: SDKs retry what is the receiver's fault. */
  readonly fault: 'Sender' | 'Receiver'
}

const SQS = { namespace: 'com.amazonaws.sqs', status: 400, fault: 'Sender' } as const
const CORAL = { namespace: 'com.amazon.coral.service', status: 400, fault: 'Sender' } as const

/**
 * Every error this release answers, by its JSON shape. Codes and statuses are those of the service model and of
 * recordings; Amazon's reference pages print 400 for nearly all of them and are wrong about it.
 */
export const SQS_ERRORS = {
  QueueDoesNotExist: { ...SQS, queryCode: 'AWS.SimpleQueueService.NonExistentQueue' },
  QueueNameExists: { ...SQS, queryCode: 'QueueAlreadyExists' },
  InvalidAttributeName: { ...SQS, queryCode: 'InvalidAttributeName' },
  InvalidAttributeValue: { ...SQS, queryCode: 'InvalidAttributeValue' },
  InvalidMessageContents: { ...SQS, queryCode: 'InvalidMessageContents' },
  QueueDeletedRecently: { ...SQS, queryCode: 'AWS.SimpleQueueService.QueueDeletedRecently' },
  PurgeQueueInProgress: { ...SQS, queryCode: 'AWS.SimpleQueueService.PurgeQueueInProgress', status: 403 },
  OverLimit: { ...SQS, queryCode: 'OverLimit', status: 403 },
  ReceiptHandleIsInvalid: { ...SQS, queryCode: 'ReceiptHandleIsInvalid', status: 404 },
  EmptyBatchRequest: { ...SQS, queryCode: 'AWS.SimpleQueueService.EmptyBatchRequest' },
  TooManyEntriesInBatchRequest: { ...SQS, queryCode: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest' },
  BatchEntryIdsNotDistinct: { ...SQS, queryCode: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct' },
  InvalidBatchEntryId: { ...SQS, queryCode: 'AWS.SimpleQueueService.InvalidBatchEntryId' },
  BatchRequestTooLong: { ...SQS, queryCode: 'AWS.SimpleQueueService.BatchRequestTooLong' },
  UnsupportedOperation: { ...SQS, queryCode: 'AWS.SimpleQueueService.UnsupportedOperation' },
  ResourceNotFoundException: { ...SQS, queryCode: 'ResourceNotFoundException', status: 404 },
  InvalidParameterValueException: { ...CORAL, queryCode: 'InvalidParameterValue' },
  MissingRequiredParameterException: { ...CORAL, queryCode: 'MissingParameter' },
  UnknownOperationException: { ...CORAL, queryCode: 'InvalidAction' },
  SerializationException: { ...CORAL, queryCode: 'MalformedInput' },
  AccessDeniedException: { ...CORAL, queryCode: 'AccessDenied', status: 403 },
  UnrecognizedClientException: { ...CORAL, queryCode: 'InvalidClientTokenId', status: 403 },
  ExpiredTokenException: { ...CORAL, queryCode: 'ExpiredToken', status: 403 },
  InvalidSignatureException: { ...CORAL, queryCode: 'SignatureDoesNotMatch', status: 403 },
  IncompleteSignatureException: { ...CORAL, queryCode: 'IncompleteSignature' },
  RequestExpired: { ...CORAL, queryCode: 'RequestExpired' },
  InvalidSecurity: { ...SQS, queryCode: 'InvalidSecurity', status: 403 },
  ThrottlingException: { ...CORAL, queryCode: 'ThrottlingException' },
  InternalFailure: { ...CORAL, queryCode: 'InternalFailure', status: 500, fault: 'Receiver' },
  ServiceUnavailable: { ...CORAL, queryCode: 'ServiceUnavailable', status: 503, fault: 'Receiver' },
} as const satisfies Record<string, SqsErrorEntry>

export type SqsErrorName = keyof typeof SQS_ERRORS
