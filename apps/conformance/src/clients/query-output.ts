import { child, type XmlElement } from '@stanchion/testing'

/** Elements that repeat, with the name of the list that they make. */
const LISTS: Readonly<Record<string, string>> = {
  Message: 'Messages',
  SendMessageBatchResultEntry: 'Successful',
  DeleteMessageBatchResultEntry: 'Successful',
  ChangeMessageVisibilityBatchResultEntry: 'Successful',
  BatchResultErrorEntry: 'Failed',
  ListMessageMoveTasksResultEntry: 'Results',
}

/** Elements that repeat, with the name of the map that they make and of their keys. */
const MAPS: Readonly<Record<string, readonly [map: string, key: string]>> = {
  Attribute: ['Attributes', 'Name'],
  MessageAttribute: ['MessageAttributes', 'Name'],
  Tag: ['Tags', 'Key'],
}

const NUMBERS = new Set([
  'ApproximateNumberOfMessagesMoved',
  'ApproximateNumberOfMessagesToMove',
  'MaxNumberOfMessagesPerSecond',
  'StartedTimestamp',
])

/** The output that a result element says, in the form that the SDK gives it. */
export function toOutput(result: XmlElement, action: string): object {
  const output: Record<string, unknown> = {}
  for (const element of result.children) addMember(output, element, action)
  return output
}

function addMember(output: Record<string, unknown>, element: XmlElement, action: string): void {
  const { name } = element
  const map = MAPS[name]
  const list = listOf(name, action)
  if (map !== undefined) {
    const [member, keyName] = map
    output[member] ??= {}
    const values = output[member] as Record<string, unknown>
    values[child(element, keyName)?.text ?? ''] = readValue(child(element, 'Value'), action)
  } else if (list !== undefined) {
    output[list] ??= []
    const items = output[list] as unknown[]
    items.push(readValue(element, action))
  } else output[name] = readValue(element, action)
}

function listOf(name: string, action: string): string | undefined {
  if (name !== 'QueueUrl') return Object.hasOwn(LISTS, name) && name !== action ? listName(name, action) : undefined
  if (action === 'ListQueues') return 'QueueUrls'
  return action === 'ListDeadLetterSourceQueues' ? 'queueUrls' : undefined
}

/** `Message` is a list of ReceiveMessage and the text of a batch's failed entry. */
function listName(name: string, action: string): string | undefined {
  return name === 'Message' && action !== 'ReceiveMessage' ? undefined : LISTS[name]
}

function readValue(element: XmlElement | undefined, action: string): unknown {
  if (element === undefined) return undefined
  if (element.children.length > 0) return toOutput(element, action)
  if (element.name === 'SenderFault') return element.text === 'true'
  if (element.name === 'BinaryValue') return Uint8Array.from(Buffer.from(element.text, 'base64'))
  return NUMBERS.has(element.name) ? Number(element.text) : element.text
}
