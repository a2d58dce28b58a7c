import { child, parseXml, type XmlElement } from '@stanchion/testing'
import type { Action } from '../api.ts'
import { check, equal } from '../expect.ts'
import type { Http, HttpAnswer } from './http.ts'
import { toOutput } from './query-output.ts'
import { toQueryParameters } from './query-parameters.ts'
import { SqsCallError, type SqsClient, toClient } from './sqs-client.ts'

const NAMESPACE = 'http://queue.amazonaws.com/doc/2012-11-05/'

/** Actions that answer nothing: their XML has no result element. */
const ACTIONS_WITHOUT_RESULT: ReadonlySet<Action> = new Set<Action>([
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

/** Calls over the Query protocol. */
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
 * The output that an answer of the Query protocol says. Details of its form are left to {@link checkQueryForm}: otherwise
 * one that is wrong would fail every case.
 * @throws SqsCallError when it says an error, Failure when it is not an answer to this action
 */
export function readQueryAnswer(action: Action, answer: HttpAnswer): object {
  const root = parseXml(answer.text)
  if (answer.status !== 200) throw readError(root, answer)
  equal(root.name, `${action}Response`, 'the root element')
  const result = child(root, `${action}Result`)
  return result === undefined ? {} : toOutput(result, action)
}

function readError(root: XmlElement, answer: HttpAnswer): SqsCallError {
  equal(root.name, 'ErrorResponse', 'the root element of an error')
  const error = child(root, 'Error')
  return new SqsCallError({
    status: answer.status,
    shape: undefined,
    queryCode: child(error, 'Code')?.text ?? '(no <Code>)',
    message: child(error, 'Message')?.text ?? '',
    fault: child(error, 'Type')?.text === 'Receiver' ? 'Receiver' : 'Sender',
  })
}

/**
 * Holds everything around the output, or around the error, against the rules of the protocol.
 * @throws Failure
 */
export function checkQueryForm(action: Action, answer: HttpAnswer): void {
  equal(answer.headers.get('content-type')?.split(';')[0], 'text/xml', 'the content type of a Query answer')
  check(answer.text.startsWith('<?xml version="1.0"?>'), '<?xml version="1.0"?> at the start', answer.text.slice(0, 80))
  const root = parseXml(answer.text)
  equal(root.attributes.xmlns, NAMESPACE, `xmlns of <${root.name}>`)
  const isError = answer.status !== 200
  const id = child(isError ? root : child(root, 'ResponseMetadata'), 'RequestId')?.text
  const header = answer.headers.get('x-amzn-requestid')
  check(id !== undefined && id === header, 'RequestId equal to the header x-amzn-RequestId', { id, header })
  if (isError) {
    equal(
      root.children.map(({ name }) => name),
      ['Error', 'RequestId'],
      'the children of <ErrorResponse>',
    )
    const error = child(root, 'Error')
    equal(child(error, 'Type')?.text, answer.status < 500 ? 'Sender' : 'Receiver', '<Type> of an error')
    equal(child(error, 'Detail')?.text, '', '<Detail> of an error')
    return
  }
  const names = ACTIONS_WITHOUT_RESULT.has(action) ? [] : [`${action}Result`]
  equal(
    root.children.map(({ name }) => name),
    [...names, 'ResponseMetadata'],
    `the children of <${action}Response>`,
  )
}
