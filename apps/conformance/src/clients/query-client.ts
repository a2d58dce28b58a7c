import type { Action } from '../api.ts'
import { check, equal } from '../expect.ts'
import type { Http, HttpAnswer } from './http.ts'
import { toOutput } from './query-output.ts'
import { toQueryParameters } from './query-parameters.ts'
import { SqsCallError, type SqsClient, toClient } from './sqs-client.ts'
import { child, parseXml, type XmlElement } from './xml.ts'

const NAMESPACE = 'http://queue.amazonaws.com/doc/2012-11-05/'

/** Actions that answer nothing: their XML has no result element. */
export const ACTIONS_WITHOUT_RESULT: ReadonlySet<Action> = new Set<Action>([
  'AddPermission',
  'RemovePermission',
  'ChangeMessageVisibility',
  'DeleteMessage',
  'DeleteQueue',
  'PurgeQueue',
  'SetQueueAttributes',
  'TagQueue',
  'UntagQueue',
])

/** Calls over the Query protocol, and holds the form of every answer against its rules. */
export function createQueryClient(http: Http): SqsClient {
  return toClient(async (action, input) => {
    const answer = await http({
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: toQueryParameters(action, input).toString(),
    })
    return readQueryAnswer(action, answer)
  })
}

/**
 * The output that an answer of the Query protocol says.
 * @throws SqsCallError when it says an error, Failure when its form is wrong
 */
export function readQueryAnswer(action: Action, answer: HttpAnswer): object {
  equal(answer.headers.get('content-type')?.split(';')[0], 'text/xml', 'the content type of a Query answer')
  check(answer.text.startsWith('<?xml version="1.0"?>'), 'an XML declaration', answer.text.slice(0, 80))
  const root = parseXml(answer.text)
  equal(root.attributes.xmlns, NAMESPACE, `xmlns of <${root.name}>`)
  if (answer.status !== 200) throw readError(root, answer)
  equal(root.name, `${action}Response`, 'the root element')
  checkRequestId(child(child(root, 'ResponseMetadata'), 'RequestId'), answer)
  const result = child(root, `${action}Result`)
  if (ACTIONS_WITHOUT_RESULT.has(action)) {
    equal(result?.name, undefined, `the result element of ${action}, which answers nothing`)
    return {}
  }
  equal(result?.name, `${action}Result`, 'the result element')
  return result === undefined ? {} : toOutput(result, action)
}

function readError(root: XmlElement, answer: HttpAnswer): SqsCallError {
  equal(root.name, 'ErrorResponse', 'the root element of an error')
  const error = child(root, 'Error')
  equal(child(error, 'Detail')?.text, '', '<Detail> of an error')
  checkRequestId(child(root, 'RequestId'), answer)
  const type = child(error, 'Type')?.text ?? ''
  check(type === 'Sender' || type === 'Receiver', '<Type> Sender or Receiver', type)
  return new SqsCallError({
    status: answer.status,
    shape: undefined,
    queryCode: child(error, 'Code')?.text ?? '(no <Code>)',
    message: child(error, 'Message')?.text ?? '',
    fault: type as 'Sender' | 'Receiver',
  })
}

function checkRequestId(element: XmlElement | undefined, answer: HttpAnswer): void {
  const id = answer.headers.get('x-amzn-requestid')
  check(element !== undefined && element.text === id, 'RequestId equal to the header x-amzn-RequestId', {
    element: element?.text,
    header: id,
  })
}
