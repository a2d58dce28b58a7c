import type * as Sqs from '@aws-sdk/client-sqs'

/** The input and the output of every action, as the AWS SDK declares them. */
interface Declared {
  AddPermission: [Sqs.AddPermissionRequest, object]
  CancelMessageMoveTask: [Sqs.CancelMessageMoveTaskRequest, Sqs.CancelMessageMoveTaskResult]
  ChangeMessageVisibility: [Sqs.ChangeMessageVisibilityRequest, object]
  ChangeMessageVisibilityBatch: [Sqs.ChangeMessageVisibilityBatchRequest, Sqs.ChangeMessageVisibilityBatchResult]
  CreateQueue: [Sqs.CreateQueueRequest, Sqs.CreateQueueResult]
  DeleteMessage: [Sqs.DeleteMessageRequest, object]
  DeleteMessageBatch: [Sqs.DeleteMessageBatchRequest, Sqs.DeleteMessageBatchResult]
  DeleteQueue: [Sqs.DeleteQueueRequest, object]
  GetQueueAttributes: [Sqs.GetQueueAttributesRequest, Sqs.GetQueueAttributesResult]
  GetQueueUrl: [Sqs.GetQueueUrlRequest, Sqs.GetQueueUrlResult]
  ListDeadLetterSourceQueues: [Sqs.ListDeadLetterSourceQueuesRequest, Sqs.ListDeadLetterSourceQueuesResult]
  ListMessageMoveTasks: [Sqs.ListMessageMoveTasksRequest, Sqs.ListMessageMoveTasksResult]
  ListQueueTags: [Sqs.ListQueueTagsRequest, Sqs.ListQueueTagsResult]
  ListQueues: [Sqs.ListQueuesRequest, Sqs.ListQueuesResult]
  PurgeQueue: [Sqs.PurgeQueueRequest, object]
  ReceiveMessage: [Sqs.ReceiveMessageRequest, Sqs.ReceiveMessageResult]
  RemovePermission: [Sqs.RemovePermissionRequest, object]
  SendMessage: [Sqs.SendMessageRequest, Sqs.SendMessageResult]
  SendMessageBatch: [Sqs.SendMessageBatchRequest, Sqs.SendMessageBatchResult]
  SetQueueAttributes: [Sqs.SetQueueAttributesRequest, object]
  StartMessageMoveTask: [Sqs.StartMessageMoveTaskRequest, Sqs.StartMessageMoveTaskResult]
  TagQueue: [Sqs.TagQueueRequest, object]
  UntagQueue: [Sqs.UntagQueueRequest, object]
}

export type Action = keyof Declared

/** The same with everything optional and enumerations as plain text, since cases must be able to send what is wrong. */
type Loose<T> = T extends string
  ? string
  : T extends number | boolean | Uint8Array | undefined
    ? T
    : T extends readonly (infer E)[]
      ? readonly Loose<E>[]
      : {
          readonly [K in keyof T]?:
            | (K extends 'Attributes' ? Readonly<Record<string, string>> : Loose<T[K]>)
            | undefined
        }

export type Input<A extends Action> = Loose<Declared[A][0]>
export type Output<A extends Action> = Loose<Declared[A][1]>

export type MessageAttributes = NonNullable<Input<'SendMessage'>['MessageAttributes']>
export type Message = NonNullable<Output<'ReceiveMessage'>['Messages']>[number]

/** Every action with its parameters: the rows of the report. */
export const PARAMETERS = {
  CreateQueue: ['QueueName', 'Attributes', 'tags'],
  GetQueueUrl: ['QueueName', 'QueueOwnerAWSAccountId'],
  ListQueues: ['QueueNamePrefix', 'MaxResults', 'NextToken'],
  DeleteQueue: ['QueueUrl'],
  PurgeQueue: ['QueueUrl'],
  GetQueueAttributes: ['QueueUrl', 'AttributeNames'],
  SetQueueAttributes: ['QueueUrl', 'Attributes'],
  SendMessage: [
    'QueueUrl',
    'MessageBody',
    'DelaySeconds',
    'MessageAttributes',
    'MessageSystemAttributes',
    'MessageGroupId',
    'MessageDeduplicationId',
  ],
  SendMessageBatch: ['QueueUrl', 'Entries'],
  ReceiveMessage: [
    'QueueUrl',
    'MaxNumberOfMessages',
    'VisibilityTimeout',
    'WaitTimeSeconds',
    'AttributeNames',
    'MessageSystemAttributeNames',
    'MessageAttributeNames',
    'ReceiveRequestAttemptId',
  ],
  DeleteMessage: ['QueueUrl', 'ReceiptHandle'],
  DeleteMessageBatch: ['QueueUrl', 'Entries'],
  ChangeMessageVisibility: ['QueueUrl', 'ReceiptHandle', 'VisibilityTimeout'],
  ChangeMessageVisibilityBatch: ['QueueUrl', 'Entries'],
  TagQueue: ['QueueUrl', 'Tags'],
  UntagQueue: ['QueueUrl', 'TagKeys'],
  ListQueueTags: ['QueueUrl'],
  AddPermission: ['QueueUrl', 'Label', 'AWSAccountIds', 'Actions'],
  RemovePermission: ['QueueUrl', 'Label'],
  ListDeadLetterSourceQueues: ['QueueUrl', 'MaxResults', 'NextToken'],
  StartMessageMoveTask: ['SourceArn', 'DestinationArn', 'MaxNumberOfMessagesPerSecond'],
  CancelMessageMoveTask: ['TaskHandle'],
  ListMessageMoveTasks: ['SourceArn', 'MaxResults'],
} as const satisfies Record<Action, readonly string[]>

export const ACTIONS = Object.keys(PARAMETERS) as Action[]

/** The attributes of queues, which have rows of their own in the report. */
export const QUEUE_ATTRIBUTES = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
  'ContentBasedDeduplication',
  'CreatedTimestamp',
  'DeduplicationScope',
  'DelaySeconds',
  'FifoQueue',
  'FifoThroughputLimit',
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'LastModifiedTimestamp',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'Policy',
  'QueueArn',
  'ReceiveMessageWaitTimeSeconds',
  'RedriveAllowPolicy',
  'RedrivePolicy',
  'SqsManagedSseEnabled',
  'VisibilityTimeout',
] as const

export type QueueAttribute = (typeof QUEUE_ATTRIBUTES)[number]

/** What a case is about: an action as a whole, one parameter of it, or a queue attribute. */
export type Subject =
  | Action
  | { [A in Action]: `${A}.${(typeof PARAMETERS)[A][number]}` }[Action]
  | `attribute.${QueueAttribute}`
