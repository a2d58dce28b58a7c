import type { SqsError } from '../errors/sqs-error.ts'
import type { Action } from '../shapes/action.ts'
import type { Member, StructureShape } from '../shapes/shape.ts'
import { escapeXml } from './escape-xml.ts'

export const XML_CONTENT_TYPE = 'text/xml'

/** What a request without any action is answered, with status 404. */
export const NO_ACTION_XML = '<UnknownOperationException/>'

const DECLARATION = '<?xml version="1.0"?>'
const XMLNS = 'xmlns="http://queue.amazonaws.com/doc/2012-11-05/"'

/** The body of a response of the Query protocol. An action without output has no result element. */
export function encodeXml(action: Action, output: object | undefined, requestId: string): string {
  const { name } = action
  const children = action.output === undefined || output === undefined ? '' : structureToXml(action.output, output)
  const result =
    action.output === undefined
      ? ''
      : children === ''
        ? `<${name}Result/>`
        : `<${name}Result>${children}</${name}Result>`
  return (
    `${DECLARATION}<${name}Response ${XMLNS}>${result}` +
    `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${name}Response>`
  )
}

/** The body of an error response of the Query protocol. */
export function encodeXmlError(error: SqsError, requestId: string): string {
  const { entry } = error
  return (
    `${DECLARATION}<ErrorResponse ${XMLNS}><Error><Type>${entry.fault}</Type><Code>${entry.queryCode}</Code>` +
    `<Message>${escapeXml(queryMessage(error))}</Message><Detail/></Error><RequestId>${requestId}</RequestId></ErrorResponse>`
  )
}

/** The text of an error in the Query protocol: one of them is worded otherwise than in JSON. */
export function queryMessage({ shape, message }: SqsError): string {
  return shape === 'QueueDoesNotExist' ? 'The specified queue does not exist for this wsdl version.' : message
}

function structureToXml(shape: StructureShape, value: object): string {
  const members = value as Readonly<Record<string, unknown>>
  let xml = ''
  for (const [name, member] of shape.entries) {
    const given = members[name]
    if (given !== undefined) xml += memberToXml(member.queryNames?.[0] ?? name, member.shape, given)
  }
  return xml
}

function memberToXml(element: string, shape: Member['shape'], value: unknown): string {
  switch (shape.kind) {
    case 'text':
    case 'blob':
      return `<${element}>${escapeXml(value as string)}</${element}>`
    case 'integer':
    case 'flag':
      return `<${element}>${value as number | boolean}</${element}>`
    case 'structure':
      return `<${element}>${structureToXml(shape, value as object)}</${element}>`
    case 'list': {
      let xml = ''
      for (const item of value as unknown[]) xml += memberToXml(element, shape.item, item)
      return xml
    }
    case 'map': {
      let xml = ''
      for (const [key, item] of Object.entries(value as object)) {
        const name = `<${shape.keyName}>${escapeXml(key)}</${shape.keyName}>`
        xml += `<${element}>${name}${memberToXml('Value', shape.value, item)}</${element}>`
      }
      return xml
    }
  }
}
