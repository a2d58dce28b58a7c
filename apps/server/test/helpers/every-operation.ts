import { readFileSync } from 'node:fs'
import { formatTaskHandle } from '@stanchion/sqs'
import { parse } from 'yaml'

/** Requests for every operation of both doors, made of names. */

export const OWNER = '111111111111'
export const STRANGER = '222222222222'
/** What the stranger has. */
export const OWN = { queue: 'own-queue', dead: 'own-dead' }

/** Everything by which something can be named from outside. */
export interface Names {
  readonly queue: string
  readonly fifo: string
  readonly dead: string
  readonly handle: string
  readonly messageId: string
  readonly taskId: string
  readonly keyId: string
  readonly label: string
}

/** @param account absent: the owner's */
export function arnOf(name: string, account = OWNER): string {
  return `arn:aws:sqs:us-east-1:${account}:${name}`
}

const taskHandle = (names: Names, account: string) =>
  formatTaskHandle({ taskId: names.taskId, sourceArn: arnOf(names.dead, account) })

/** Inputs of every action, made of the names of somebody else. What has no QueueUrl is given one in each form. */
export const SQS_INPUTS: Readonly<Record<string, (names: Names) => readonly object[]>> = {
  SendMessage: () => [{ MessageBody: 'x' }],
  SendMessageBatch: () => [{ Entries: [{ Id: 'a', MessageBody: 'x' }] }],
  ReceiveMessage: () => [{ MaxNumberOfMessages: 10, AttributeNames: ['All'], MessageAttributeNames: ['All'] }],
  DeleteMessage: ({ handle }) => [{ ReceiptHandle: handle }],
  DeleteMessageBatch: ({ handle }) => [{ Entries: [{ Id: 'a', ReceiptHandle: handle }] }],
  ChangeMessageVisibility: ({ handle }) => [{ ReceiptHandle: handle, VisibilityTimeout: 0 }],
  ChangeMessageVisibilityBatch: ({ handle }) => [
    { Entries: [{ Id: 'a', ReceiptHandle: handle, VisibilityTimeout: 0 }] },
  ],
  CreateQueue: ({ queue, fifo, dead }) => [
    { QueueName: queue },
    { QueueName: fifo, Attributes: { FifoQueue: 'true' } },
    { QueueName: `new-${queue}`, Attributes: { RedrivePolicy: redrive(dead) } },
    { QueueName: `new2-${queue}`, Attributes: { RedriveAllowPolicy: allow(queue) } },
  ],
  GetQueueUrl: ({ queue }) => [{ QueueName: queue }, { QueueName: queue, QueueOwnerAWSAccountId: OWNER }],
  ListQueues: ({ queue }) => [
    {},
    { QueueNamePrefix: queue.slice(0, 3) },
    { MaxResults: 1, NextToken: Buffer.from(`${queue}/`).toString('base64url') },
  ],
  GetQueueAttributes: () => [{ AttributeNames: ['All'] }],
  SetQueueAttributes: ({ dead, queue }) => [
    { Attributes: { VisibilityTimeout: '1' } },
    { Attributes: { Policy: '' } },
    { Attributes: { RedrivePolicy: redrive(dead) } },
    { Attributes: { RedriveAllowPolicy: allow(queue) } },
  ],
  DeleteQueue: () => [{}],
  PurgeQueue: () => [{}],
  TagQueue: () => [{ Tags: { mine: 'now' } }],
  UntagQueue: () => [{ TagKeys: ['visible'] }],
  ListQueueTags: () => [{}],
  ListDeadLetterSourceQueues: ({ queue }) => [
    {},
    { MaxResults: 1, NextToken: Buffer.from(`${queue}/`).toString('base64url') },
  ],
  StartMessageMoveTask: ({ dead, queue }) => [
    { SourceArn: arnOf(dead) },
    { SourceArn: arnOf(dead, STRANGER) },
    { SourceArn: arnOf(OWN.dead, STRANGER), DestinationArn: arnOf(queue) },
    { SourceArn: arnOf(dead), DestinationArn: arnOf(OWN.queue, STRANGER) },
  ],
  CancelMessageMoveTask: (names) => [
    { TaskHandle: taskHandle(names, OWNER) },
    { TaskHandle: taskHandle(names, STRANGER) },
    { TaskHandle: formatTaskHandle({ taskId: names.taskId, sourceArn: arnOf(OWN.dead, STRANGER) }) },
  ],
  ListMessageMoveTasks: ({ dead }) => [{ SourceArn: arnOf(dead) }, { SourceArn: arnOf(dead, STRANGER) }],
  AddPermission: ({ label }) => [{ Label: label, AWSAccountIds: [STRANGER], Actions: ['*'] }],
  RemovePermission: ({ label }) => [{ Label: label }],
}
const redrive = (dead: string) => JSON.stringify({ deadLetterTargetArn: arnOf(dead), maxReceiveCount: 1 })
const allow = (queue: string) => JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns: [arnOf(queue)] })

/** An operation of `openapi.yaml`. */
export interface RestOperation {
  readonly operationId: string
  readonly method: string
  readonly path: string
  readonly hasBody: boolean
}

const SPEC = parse(readFileSync(new URL('../../../../openapi.yaml', import.meta.url), 'utf8'))

/** Every operation there is. */
export const REST_OPERATIONS: readonly RestOperation[] = Object.entries<
  Record<string, { operationId?: string; requestBody?: object }>
>(SPEC.paths).flatMap(([path, methods]) =>
  Object.entries(methods).flatMap(([method, { operationId, requestBody }]) =>
    operationId === undefined
      ? []
      : [{ operationId, method: method.toUpperCase(), path, hasBody: requestBody !== undefined }],
  ),
)

/** The path of an operation with these names in it. */
export function pathOf(path: string, names: Names): string {
  return path
    .replace('{queue}', names.queue)
    .replace('{receiptHandle}', names.handle)
    .replace('{messageId}', names.messageId)
    .replace('{moveTaskId}', names.taskId)
    .replace('{accessKeyId}', names.keyId)
}

/** Bodies of the operations that have one. */
export const REST_BODIES: Readonly<Record<string, (names: Names) => readonly object[]>> = {
  createQueue: ({ queue, dead }) => [
    { name: `${queue}-rest` },
    { name: `${queue}-rest2`, deadLetter: { queueName: dead, receiveCountMax: 1 } },
  ],
  updateQueue: ({ dead }) => [
    { settings: { delaySeconds: 1 } },
    { deadLetter: { queueName: dead, receiveCountMax: 1 } },
    { deadLetterSources: [dead] },
  ],
  sendMessage: () => [{ body: 'x' }],
  sendMessages: () => [{ messages: [{ body: 'x' }] }],
  receiveMessages: () => [{ maxMessages: 10, visibilityTimeoutSeconds: 0 }],
  extendLease: () => [{ visibilityTimeoutSeconds: 0 }],
  deleteMessages: ({ handle }) => [{ receiptHandles: [handle] }],
  extendLeases: ({ handle }) => [{ leases: [{ receiptHandle: handle, visibilityTimeoutSeconds: 0 }] }],
  releaseLeases: ({ handle }) => [{ receiptHandles: [handle] }],
  startMoveTask: ({ queue }) => [{}, { destination: queue }],
  createAccessKey: () => [{ role: 'reader' }],
  rotateAccessKey: () => [{ overlapSeconds: 0 }],
}

/** Query parameters that name something. */
export const REST_QUERIES: Readonly<Record<string, (names: Names) => readonly string[]>> = {
  listQueues: ({ queue }) => [
    '',
    `?prefix=${queue.slice(0, 3)}`,
    `?cursor=${Buffer.from(queue).toString('base64url')}`,
  ],
  peekMessages: () => ['?state=ready', '?state=leased', '?state=delayed'],
  listQueueStatistics: ({ queue }) => ['', `?prefix=${queue}`, `?cursor=${Buffer.from(queue).toString('base64url')}`],
}
