import { blob, list, optional, structure, text, type ValueOf } from './shape.ts'

/** The value of a message attribute or of a message system attribute, as it is sent. */
export const messageAttributeValueShape = structure({
  StringValue: optional(text),
  BinaryValue: optional(blob),
  StringListValues: optional(list(text), 'StringListValue', 'StringListValues'),
  BinaryListValues: optional(list(blob), 'BinaryListValue', 'BinaryListValues'),
  DataType: optional(text),
})

/** The same as it is received: SQS never hands out lists. */
export const receivedAttributeValueShape = structure({
  StringValue: optional(text),
  BinaryValue: optional(blob),
  DataType: optional(text),
})

export type MessageAttributeValue = ValueOf<typeof messageAttributeValueShape>
export type MessageAttributeValues = Readonly<Record<string, MessageAttributeValue>>
