import type { Action } from '../api.ts'

/** Names that a list or a map has in the Query protocol, when they differ from the name of the member. */
const NAMES: Readonly<Record<string, string>> = {
  Attributes: 'Attribute',
  tags: 'Tag',
  Tags: 'Tag',
  TagKeys: 'TagKey',
  AttributeNames: 'AttributeName',
  MessageSystemAttributeNames: 'AttributeName',
  MessageAttributeNames: 'MessageAttributeName',
  MessageAttributes: 'MessageAttribute',
  MessageSystemAttributes: 'MessageSystemAttribute',
  StringListValues: 'StringListValue',
  BinaryListValues: 'BinaryListValue',
  AWSAccountIds: 'AWSAccountId',
  Actions: 'ActionName',
}

/** Members that are maps, with the name that a key has in the Query protocol. All other objects are structures. */
const MAP_KEYS: Readonly<Record<string, string>> = {
  Attributes: 'Name',
  tags: 'Key',
  Tags: 'Key',
  MessageAttributes: 'Name',
  MessageSystemAttributes: 'Name',
}

/** The input of an action as the parameters of a form: lists and maps are flattened, with indices from 1. */
export function toQueryParameters(action: Action, input: object): URLSearchParams {
  const parameters = new URLSearchParams({ Action: action, Version: '2012-11-05' })
  addMembers(parameters, '', input, action)
  return parameters
}

function addMembers(parameters: URLSearchParams, prefix: string, members: object, action: Action): void {
  for (const [member, value] of Object.entries(members)) {
    const name = prefix + (member === 'Entries' ? `${action}RequestEntry` : (NAMES[member] ?? member))
    const keyName = MAP_KEYS[member]
    if (keyName === undefined) addValue(parameters, name, value, action)
    else {
      for (const [i, [key, item]] of Object.entries(value ?? {}).entries()) {
        parameters.append(`${name}.${i + 1}.${keyName}`, key)
        addValue(parameters, `${name}.${i + 1}.Value`, item, action)
      }
    }
  }
}

function addValue(parameters: URLSearchParams, name: string, value: unknown, action: Action): void {
  if (value === undefined) return
  if (Array.isArray(value))
    for (const [i, item] of value.entries()) addValue(parameters, `${name}.${i + 1}`, item, action)
  else if (value instanceof Uint8Array) parameters.append(name, Buffer.from(value).toString('base64'))
  else if (typeof value === 'object' && value !== null) addMembers(parameters, `${name}.`, value, action)
  else parameters.append(name, String(value))
}
