import type { MessageAttribute, MessageAttributes, NewMessage } from '@stanchion/queue'
import {
  type MessageAttributeValue,
  type MessageAttributeValues,
  type MessageParameters,
  md5OfAttributes,
  TRACE_HEADER,
} from '@stanchion/sqs'
import type { SqsRequest } from './sqs-request.ts'

const TYPES: Readonly<Record<string, MessageAttribute['type']>> = {
  String: 'string',
  Number: 'number',
  Binary: 'binary',
}

const DATA_TYPES = { string: 'String', number: 'Number', binary: 'Binary' } as const satisfies Record<
  MessageAttribute['type'],
  string
>

/** The message that the engine gets for one that `checkMessage` has passed. */
export function toNewMessage(body: string, parameters: MessageParameters, request: SqsRequest): NewMessage {
  const { DelaySeconds, MessageAttributes, MessageGroupId, MessageDeduplicationId } = parameters
  const traceHeader = parameters.MessageSystemAttributes?.[TRACE_HEADER]?.StringValue ?? traceHeaderOf(request)
  return {
    body,
    ...(DelaySeconds === undefined ? undefined : { delaySeconds: DelaySeconds }),
    ...(MessageGroupId === undefined ? undefined : { groupId: MessageGroupId }),
    ...(MessageDeduplicationId === undefined ? undefined : { deduplicationId: MessageDeduplicationId }),
    ...(MessageAttributes === undefined ? undefined : { attributes: toAttributes(MessageAttributes) }),
    ...(traceHeader === undefined ? undefined : { traceHeader }),
  }
}

/** The digests that SDKs compare with what they have sent. A trace header from the HTTP header has none. */
export function digestsOfSent({ MessageAttributes, MessageSystemAttributes }: MessageParameters) {
  return {
    MD5OfMessageAttributes: MessageAttributes === undefined ? undefined : md5OfAttributes(MessageAttributes),
    MD5OfMessageSystemAttributes:
      MessageSystemAttributes === undefined ? undefined : md5OfAttributes(MessageSystemAttributes),
  }
}

/** Message attributes as SQS shows them. */
export function toAttributeValues(attributes: MessageAttributes): Readonly<Record<string, MessageAttributeValue>> {
  const values: Record<string, MessageAttributeValue> = Object.create(null)
  for (const [name, { type, label, value }] of Object.entries(attributes)) {
    const DataType = label === undefined ? DATA_TYPES[type] : `${DATA_TYPES[type]}.${label}`
    values[name] = type === 'binary' ? { BinaryValue: value, DataType } : { StringValue: value, DataType }
  }
  return values
}

function traceHeaderOf(request: SqsRequest): string | undefined {
  const header = request.headers['x-amzn-trace-id']
  return Array.isArray(header) ? header[0] : header
}

function toAttributes(values: MessageAttributeValues): MessageAttributes {
  const attributes: Record<string, MessageAttribute> = Object.create(null)
  for (const [name, { DataType = '', StringValue, BinaryValue }] of Object.entries(values)) {
    const dot = DataType.indexOf('.')
    const type = TYPES[dot < 0 ? DataType : DataType.slice(0, dot)] as MessageAttribute['type']
    const value = (BinaryValue ?? StringValue) as string
    attributes[name] = dot < 0 ? { type, value } : { type, label: DataType.slice(dot + 1), value }
  }
  return attributes
}
