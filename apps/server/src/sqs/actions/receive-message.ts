import type { QueueKey, ReceivedMessage, ReceiveRequest } from '@stanchion/queue'
import {
  checkReceive,
  formatQueueArn,
  type InputOf,
  isFifoQueueName,
  type Message,
  md5OfAttributes,
  md5OfText,
  receiveMessage,
  selectMessageAttributes,
  TRACE_HEADER,
} from '@stanchion/sqs'
import { receiveWhileConnected } from '../../http/receive-while-connected.ts'
import { listOrAbsent, mapOrAbsent } from '../list-or-absent.ts'
import { toAttributeValues } from '../message-attributes.ts'
import { queueOperation } from '../operation.ts'

/** The queue, with all that its ARN says. */
interface QueuePlace extends QueueKey {
  readonly region: string
}

type ReceiveInput = InputOf<typeof receiveMessage>

export const receiveMessageOperation = queueOperation(receiveMessage, async ({ context, connection, queue }, input) => {
  checkReceive(input, context.timeLimits)
  const messages = await receiveWhileConnected(context.engine, queue, toRequest(input, queue), connection)
  const systemNames = systemAttributeNames(input)
  const { region } = context
  return {
    Messages: listOrAbsent(messages.map((message) => toMessage(message, { ...queue, region }, input, systemNames))),
  }
})

function toRequest(input: ReceiveInput, queue: QueueKey): ReceiveRequest {
  const { MaxNumberOfMessages = 1, VisibilityTimeout, WaitTimeSeconds, ReceiveRequestAttemptId } = input
  // Frameworks send an attempt with every receive, also to standard queues, where Amazon ignores it.
  const attemptId = isFifoQueueName(queue.name) ? ReceiveRequestAttemptId : undefined
  return {
    maxMessages: MaxNumberOfMessages,
    ...(attemptId === undefined ? undefined : { attemptId }),
    ...(VisibilityTimeout === undefined ? undefined : { visibilityTimeoutSeconds: VisibilityTimeout }),
    ...(WaitTimeSeconds === undefined ? undefined : { waitSeconds: WaitTimeSeconds }),
  }
}

function toMessage(
  message: ReceivedMessage,
  queue: QueuePlace,
  { MessageAttributeNames }: ReceiveInput,
  systemNames: ReadonlySet<string> | undefined,
): Message {
  const attributes = selectMessageAttributes(MessageAttributeNames, message.attributes)
  const values = mapOrAbsent(toAttributeValues(attributes))
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: md5OfText(message.body),
    Body: message.body,
    Attributes: systemNames === undefined ? undefined : systemAttributes(message, queue, systemNames),
    // Of what is returned, not of what was sent: SDKs can only compare it with what they see.
    MD5OfMessageAttributes: values === undefined ? undefined : md5OfAttributes(values),
    MessageAttributes: values,
  }
}

/** Both lists mean the same; they are united. `undefined` when nothing is asked for. */
function systemAttributeNames(input: ReceiveInput): ReadonlySet<string> | undefined {
  const { AttributeNames = [], MessageSystemAttributeNames = [] } = input
  if (AttributeNames.length === 0 && MessageSystemAttributeNames.length === 0) return undefined
  return new Set([...AttributeNames, ...MessageSystemAttributeNames])
}

/** The values of all system attributes that a message can have. */
const SYSTEM_ATTRIBUTES: Readonly<Record<string, (message: ReceivedMessage, queue: QueuePlace) => string | undefined>> =
  {
    // Every caller is the owner of the account as long as nobody has to say who they are.
    SenderId: (_message, queue) => queue.accountId,
    SentTimestamp: (message) => String(message.sentAtMs),
    ApproximateReceiveCount: (message) => String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: (message) => String(message.firstReceivedAtMs),
    MessageGroupId: ({ fifo, groupId }) => fifo?.groupId ?? groupId,
    MessageDeduplicationId: ({ fifo }) => fifo?.deduplicationId,
    SequenceNumber: ({ fifo }) => fifo?.sequenceNumber,
    [TRACE_HEADER]: (message) => message.traceHeader,
    DeadLetterQueueSourceArn: ({ deadLetterSource }, { region, accountId }) =>
      deadLetterSource === undefined ? undefined : formatQueueArn(region, accountId, deadLetterSource),
  }

const SYSTEM_ATTRIBUTE_ENTRIES = Object.entries(SYSTEM_ATTRIBUTES)

/** Names that do not apply, and names that are none, are left out without an error. */
function systemAttributes(message: ReceivedMessage, queue: QueuePlace, names: ReadonlySet<string>) {
  const attributes: Record<string, string> = {}
  const isAll = names.has('All')
  for (const [name, read] of SYSTEM_ATTRIBUTE_ENTRIES) {
    const value = isAll || names.has(name) ? read(message, queue) : undefined
    if (value !== undefined) attributes[name] = value
  }
  return mapOrAbsent(attributes)
}
