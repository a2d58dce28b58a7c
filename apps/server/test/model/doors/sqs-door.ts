import { createHash } from 'node:crypto'
import { SqsCallError, type SqsClient } from '@stanchion/conformance/clients'
import {
  type Attribute,
  type Attributes,
  type Counts,
  type DeadLetter,
  type Door,
  done,
  type EndedMove,
  type NewMessage,
  type Outcome,
  type QueueChange,
  type QueueInput,
  type QueueView,
  type Received,
  type ReceiveRequest,
  type Refusal,
  refused,
  type Sent,
  type Settings,
  type Tags,
  type VisibilityChange,
} from './door.ts'

const ACCOUNT = '000000000000'
const ARN = `arn:aws:sqs:us-east-1:${ACCOUNT}:`

/** The queue attributes that hold the settings. */
const SETTINGS: Readonly<Record<keyof Settings, string>> = {
  visibilityTimeoutSeconds: 'VisibilityTimeout',
  delaySeconds: 'DelaySeconds',
  retentionSeconds: 'MessageRetentionPeriod',
  receiveWaitSeconds: 'ReceiveMessageWaitTimeSeconds',
  messageBytesMax: 'MaximumMessageSize',
}

const REFUSALS: Readonly<Record<string, Refusal>> = {
  'AWS.SimpleQueueService.NonExistentQueue': 'queueNotFound',
  ResourceNotFoundException: 'queueNotFound',
  QueueAlreadyExists: 'queueExists',
  ReceiptHandleIsInvalid: 'handleInvalid',
}

const DATA_TYPES = { string: 'String', number: 'Number', binary: 'Binary' } as const

type SentMember = {
  MessageId?: string | undefined
  MD5OfMessageBody?: string | undefined
  SequenceNumber?: string | undefined
}
type ReceivedMember = NonNullable<Awaited<ReturnType<SqsClient['receiveMessage']>>['Messages']>[number]
type BatchAnswer<T> = {
  readonly Successful?: readonly (T & { readonly Id?: string | undefined })[] | undefined
  readonly Failed?: readonly { readonly Id?: string | undefined; readonly Code?: string | undefined }[] | undefined
}

/** Amazon SQS, in either protocol. */
export class SqsDoor implements Door {
  readonly #client: SqsClient
  readonly #url: string

  /** @param url of the server, which queue URLs begin with */
  constructor(client: SqsClient, url: string) {
    this.#client = client
    this.#url = url
  }

  createQueue(name: string, { settings = {}, fifo, deadLetter, tags = {} }: QueueInput): Promise<Outcome<null>> {
    const Attributes = {
      ...toAttributes(settings),
      ...(name.endsWith('.fifo') ? { FifoQueue: 'true' } : {}),
      ...(fifo && {
        ContentBasedDeduplication: String(fifo.contentBasedDeduplication),
        DeduplicationScope: fifo.deduplicationScope,
      }),
      ...(deadLetter && { RedrivePolicy: toRedrivePolicy(deadLetter) }),
    }
    return attempt(() => this.#client.createQueue({ QueueName: name, Attributes, tags }))
  }

  updateQueue(name: string, { settings = {}, deadLetter }: QueueChange): Promise<Outcome<null>> {
    const policy =
      deadLetter === undefined ? {} : { RedrivePolicy: deadLetter === null ? '' : toRedrivePolicy(deadLetter) }
    const Attributes = { ...toAttributes(settings), ...policy }
    return attempt(() => this.#client.setQueueAttributes({ ...this.#queue(name), Attributes }))
  }

  getQueue(name: string): Promise<Outcome<QueueView>> {
    return ask(async () => {
      const { Attributes = {} } = await this.#client.getQueueAttributes({
        ...this.#queue(name),
        AttributeNames: ['All'],
      })
      const { Tags = {} } = await this.#client.listQueueTags(this.#queue(name))
      const settings = Object.entries(SETTINGS).map(([setting, attribute]) => [setting, Number(Attributes[attribute])])
      const fifo = {
        contentBasedDeduplication: Attributes.ContentBasedDeduplication === 'true',
        deduplicationScope: Attributes.DeduplicationScope as 'queue' | 'messageGroup',
      }
      return {
        settings: Object.fromEntries(settings) as Settings,
        fifo: Attributes.FifoQueue === 'true' ? fifo : undefined,
        deadLetter: Attributes.RedrivePolicy === undefined ? undefined : readRedrivePolicy(Attributes.RedrivePolicy),
        tags: Tags as QueueView['tags'],
      }
    })
  }

  deleteQueue(name: string): Promise<Outcome<null>> {
    return attempt(() => this.#client.deleteQueue(this.#queue(name)))
  }

  purgeQueue(name: string): Promise<Outcome<null>> {
    return attempt(() => this.#client.purgeQueue(this.#queue(name)))
  }

  countMessages(name: string): Promise<Outcome<Counts>> {
    return ask(async () => {
      const AttributeNames = ['', 'NotVisible', 'Delayed'].map((state) => `ApproximateNumberOfMessages${state}`)
      const { Attributes = {} } = await this.#client.getQueueAttributes({ ...this.#queue(name), AttributeNames })
      const [visible, inFlight, delayed] = AttributeNames.map((attribute) => Number(Attributes[attribute]))
      return { visible, inFlight, delayed } as Counts
    })
  }

  async listQueues(prefix: string): Promise<string[]> {
    const { QueueUrls = [] } = await this.#client.listQueues({ QueueNamePrefix: prefix })
    return QueueUrls.map(nameOf)
  }

  listSources(name: string): Promise<Outcome<string[]>> {
    return ask(async () => {
      const { queueUrls = [] } = await this.#client.listDeadLetterSourceQueues(this.#queue(name))
      return queueUrls.map(nameOf)
    })
  }

  tag(name: string, tags: Tags): Promise<Outcome<null>> {
    return attempt(() => this.#client.tagQueue({ ...this.#queue(name), Tags: tags }))
  }

  untag(name: string, keys: readonly string[]): Promise<Outcome<null>> {
    return attempt(() => this.#client.untagQueue({ ...this.#queue(name), TagKeys: keys }))
  }

  send(name: string, message: NewMessage): Promise<Outcome<Sent>> {
    return ask(async () =>
      toSent(await this.#client.sendMessage({ ...this.#queue(name), ...toSendInput(message) }), message),
    )
  }

  sendBatch(name: string, messages: readonly NewMessage[]): Promise<Outcome<Outcome<Sent>[]>> {
    return ask(async () => {
      const Entries = messages.map((message, i) => ({ Id: `${i}`, ...toSendInput(message) }))
      const answer = await this.#client.sendMessageBatch({ ...this.#queue(name), Entries })
      return readBatch(answer, messages, toSent)
    })
  }

  receive(name: string, request: ReceiveRequest): Promise<Outcome<Received[]>> {
    return ask(async () => {
      const { Messages = [] } = await this.#client.receiveMessage({
        ...this.#queue(name),
        MaxNumberOfMessages: request.maxMessages,
        VisibilityTimeout: request.visibilityTimeoutSeconds,
        ReceiveRequestAttemptId: request.attemptId,
        WaitTimeSeconds: 0,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      })
      return Messages.map(toReceived)
    })
  }

  delete(name: string, ReceiptHandle: string): Promise<Outcome<null>> {
    return attempt(() => this.#client.deleteMessage({ ...this.#queue(name), ReceiptHandle }), true)
  }

  deleteBatch(name: string, handles: readonly string[]): Promise<Outcome<Outcome<null>[]>> {
    return ask(async () => {
      const Entries = handles.map((ReceiptHandle, i) => ({ Id: `${i}`, ReceiptHandle }))
      const answer = await this.#client.deleteMessageBatch({ ...this.#queue(name), Entries })
      return readBatch(answer, handles, () => null, true)
    })
  }

  changeVisibility(name: string, change: VisibilityChange): Promise<Outcome<null>> {
    return attempt(() => this.#client.changeMessageVisibility({ ...this.#queue(name), ...toChangeInput(change) }), true)
  }

  changeVisibilityBatch(name: string, changes: readonly VisibilityChange[]): Promise<Outcome<Outcome<null>[]>> {
    return ask(async () => {
      const Entries = changes.map((change, i) => ({ Id: `${i}`, ...toChangeInput(change) }))
      const answer = await this.#client.changeMessageVisibilityBatch({ ...this.#queue(name), Entries })
      return readBatch(answer, changes, () => null, true)
    })
  }

  async move(name: string, destination: string | undefined): Promise<Outcome<EndedMove>> {
    const SourceArn = ARN + name
    const DestinationArn = destination === undefined ? undefined : ARN + destination
    const started = await attempt(() => this.#client.startMessageMoveTask({ SourceArn, DestinationArn }))
    if (!started.ok) return started
    for (;;) {
      const { Results = [] } = await this.#client.listMessageMoveTasks({ SourceArn })
      const [{ Status, ApproximateNumberOfMessagesMoved } = {}] = Results
      if (Status !== 'RUNNING') {
        const status = Status?.toLowerCase() as EndedMove['status']
        return done({ status, moved: Number(ApproximateNumberOfMessagesMoved) })
      }
    }
  }

  #queue(name: string): { readonly QueueUrl: string } {
    return { QueueUrl: `${this.#url}/${ACCOUNT}/${name}` }
  }
}

function attempt(call: () => Promise<unknown>, isAboutHandle = false): Promise<Outcome<null>> {
  return ask(async () => {
    await call()
    return null
  }, isAboutHandle)
}

/** @param isAboutHandle whether a parameter that is wrong can only be the receipt handle */
async function ask<T>(call: () => Promise<T>, isAboutHandle = false): Promise<Outcome<T>> {
  try {
    return done(await call())
  } catch (error) {
    if (!(error instanceof SqsCallError) || error.fault === 'Receiver') throw error
    return refused(toRefusal(error.queryCode, isAboutHandle))
  }
}

function toRefusal(code: string | undefined, isAboutHandle: boolean): Refusal {
  if (isAboutHandle && code === 'InvalidParameterValue') return 'handleRefused'
  return REFUSALS[code ?? ''] ?? 'badRequest'
}

function readBatch<Entry, Member, T>(
  { Successful = [], Failed = [] }: BatchAnswer<Member>,
  entries: readonly Entry[],
  read: (member: Member, entry: Entry) => T,
  isAboutHandle = false,
): Outcome<T>[] {
  if (Successful.length + Failed.length !== entries.length) throw new Error('a batch has one result for each entry')
  return entries.map((entry, i) => {
    const member = Successful.find(({ Id }) => Id === `${i}`)
    if (member !== undefined) return done(read(member, entry))
    const failure = Failed.find(({ Id }) => Id === `${i}`)
    if (failure === undefined) throw new Error(`a batch answers nothing about entry ${i}`)
    return refused(toRefusal(failure.Code, isAboutHandle))
  })
}

function toAttributes(settings: Partial<Settings>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([setting, value]) => [SETTINGS[setting as keyof Settings], String(value)]),
  )
}

function toRedrivePolicy({ queueName, receiveCountMax }: DeadLetter): string {
  return JSON.stringify({ deadLetterTargetArn: ARN + queueName, maxReceiveCount: receiveCountMax })
}

function readRedrivePolicy(text: string): DeadLetter {
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(text)
  return { queueName: nameOfArn(deadLetterTargetArn), receiveCountMax: maxReceiveCount }
}

const nameOf = (url: string) => url.slice(url.lastIndexOf('/') + 1)
const nameOfArn = (arn: string) => arn.slice(ARN.length)

function toSendInput(message: NewMessage) {
  const values = Object.entries(message.attributes).map(([name, attribute]) => [name, toAttributeValue(attribute)])
  return {
    MessageBody: message.body,
    DelaySeconds: message.delaySeconds,
    MessageAttributes: Object.fromEntries(values),
    MessageGroupId: message.groupId,
    MessageDeduplicationId: message.deduplicationId,
  }
}

function toAttributeValue({ type, value }: Attribute) {
  const DataType = DATA_TYPES[type]
  return type === 'binary' ? { DataType, BinaryValue: Buffer.from(value, 'base64') } : { DataType, StringValue: value }
}

function toChangeInput({ handle, visibilityTimeoutSeconds }: VisibilityChange) {
  return { ReceiptHandle: handle, VisibilityTimeout: visibilityTimeoutSeconds }
}

function toSent({ MessageId, MD5OfMessageBody, SequenceNumber }: SentMember, { body }: NewMessage): Sent {
  checkDigest(body, MD5OfMessageBody)
  return { messageId: MessageId as string, sequenceNumber: SequenceNumber }
}

function toReceived(message: ReceivedMember): Received {
  const { Body = '', Attributes: system = {}, MessageAttributes = {} } = message
  checkDigest(Body, message.MD5OfBody)
  const source = system.DeadLetterQueueSourceArn
  const values = Object.entries(MessageAttributes).map(([name, value]) => [
    name,
    readAttribute(value as AttributeMember),
  ])
  return {
    messageId: message.MessageId as string,
    handle: message.ReceiptHandle as string,
    body: Body,
    attributes: Object.fromEntries(values) as Attributes,
    groupId: system.MessageGroupId,
    receiveCount: Number(system.ApproximateReceiveCount),
    sentAtMs: Number(system.SentTimestamp),
    firstReceivedAtMs: Number(system.ApproximateFirstReceiveTimestamp),
    deadLetterSource: source === undefined ? undefined : nameOfArn(source),
  }
}

type AttributeMember = NonNullable<NonNullable<ReceivedMember['MessageAttributes']>[string]>

function readAttribute({ DataType, StringValue, BinaryValue }: AttributeMember): Attribute {
  const type = DataType?.toLowerCase() as Attribute['type']
  return {
    type,
    value: BinaryValue === undefined ? (StringValue as string) : Buffer.from(BinaryValue).toString('base64'),
  }
}

function checkDigest(body: string, digest: string | undefined): void {
  const expected = createHash('md5').update(body).digest('hex')
  if (digest !== expected) throw new Error(`the MD5 of "${body.slice(0, 100)}" is ${expected}, not ${digest}`)
}
