export * from './actions/index.ts'
export { decodeJson } from './codecs/decode-json.ts'
export { decodeQuery } from './codecs/decode-query.ts'
export { encodeJson, encodeJsonError, JSON_CONTENT_TYPE, queryErrorHeader } from './codecs/encode-json.ts'
export { encodeXml, encodeXmlError, NO_ACTION_XML, XML_CONTENT_TYPE } from './codecs/encode-xml.ts'
export { parseQueryPairs, type QueryPairs } from './codecs/query-pairs.ts'
export { md5OfAttributes } from './digests/md5-of-attributes.ts'
export { md5OfText } from './digests/md5-of-text.ts'
export * from './errors/error-texts.ts'
export * from './errors/move-task-texts.ts'
export * from './errors/signature-error-texts.ts'
export { SqsError } from './errors/sqs-error.ts'
export { SQS_ERRORS, type SqsErrorEntry, type SqsErrorName } from './errors/sqs-errors.ts'
export * from './policy/index.ts'
export { parseQueueArn, type QueueArn } from './queue-arn.ts'
export { formatQueueArn, formatQueueUrl, parseQueueUrl, type QueueAddress } from './queue-url.ts'
export { BATCH_BYTES_MAX, checkBatchBytes } from './rules/batch-bytes.ts'
export { type BatchNoun, checkBatchEntries, failedEntry, type Identified } from './rules/batch-entries.ts'
export { type ListPage, nextTokenAfter, readListPage } from './rules/list-page.ts'
export { checkFifoBatch, checkMessage, type MessageParameters } from './rules/message.ts'
export { TRACE_HEADER } from './rules/message-attributes.ts'
export { formatTaskHandle, readMoveTaskArn, readMoveTaskResults, readTaskHandle } from './rules/move-task.ts'
export { readNewQueue } from './rules/new-queue.ts'
export {
  type EncryptionChange,
  type IntegerAttribute,
  type QueueAttribute,
  type QueueAttributeChange,
  type RedriveAttributes,
  readQueueAttributes,
  selectQueueAttributes,
} from './rules/queue-attributes.ts'
export { isFifoQueueName, isQueueName, requireQueueName } from './rules/queue-name.ts'
export { checkReceive, checkVisibilityTimeout } from './rules/receive.ts'
export {
  formatRedriveAllowPolicy,
  type RedriveAllowPolicy,
  readRedriveAllowPolicy,
} from './rules/redrive-allow-policy.ts'
export { formatRedrivePolicy, type PolicyOwner, type RedrivePolicy, readRedrivePolicy } from './rules/redrive-policy.ts'
export { selectMessageAttributes } from './rules/select-message-attributes.ts'
export { checkTags, tooManyTags } from './rules/tags.ts'
export { SQS_TIME_LIMITS, type TimeLimits } from './rules/time-limits.ts'
export { type Action, action, type InputOf, type OutputOf } from './shapes/action.ts'
export type { BatchResultErrorEntry } from './shapes/batch-result-error-entry.ts'
export type { MessageAttributeValue, MessageAttributeValues } from './shapes/message-attribute-value.ts'
export { checkSignature, type VerifiedRequest } from './signature/check-signature.ts'
export {
  CLOCK_SKEW_MINUTES_MAX,
  type ParsedSignature,
  PRESIGNED_SECONDS_MAX,
  parseSignature,
  type SignatureRules,
} from './signature/parse-signature.ts'
export type { SignedRequest } from './signature/signed-request.ts'
export { SIGNING_KEYS_MAX, SigningKeys } from './signature/signing-keys.ts'
