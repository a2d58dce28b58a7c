import { readFileSync } from 'node:fs'
import { SQS_ERRORS } from '@stanchion/sqs'
import { child, parseXml } from '@stanchion/testing'
import { parse } from 'yaml'
import { SpecCheck } from '../../../../packages/testing/src/spec-check.ts'
import type { BadCase } from './bad-case.ts'
import type { WireAnswer } from './wire.ts'

const SPEC = new SpecCheck(parse(readFileSync(new URL('../../../../openapi.yaml', import.meta.url), 'utf8')))
const BY_QUERY_CODE = new Map(Object.values(SQS_ERRORS).map((entry) => [entry.queryCode as string, entry]))

/** What is wrong with the answer to a bad request, in a sentence; `undefined` when it is as documented. */
export function faultOf({ door, request, verdict }: BadCase, answer: WireAnswer): string | undefined {
  const { status } = answer
  if (status >= 500 || status < 200) return 'the fault is given to the server'
  if (verdict === 'refused' && status < 400) return 'it was taken'
  if (door === 'rest') {
    const [path = ''] = request.target.split('?')
    const contentType = answer.headers['content-type'] ?? null
    return SPEC.problemWith({ method: request.method, path, status, contentType, text: answer.text })
  }
  if (status < 300) return undefined
  return door === 'json' ? jsonFault(answer) : xmlFault(answer)
}

function jsonFault({ status, headers, text }: WireAnswer): string | undefined {
  if (headers['content-type'] !== 'application/x-amz-json-1.0') return 'the content type is not that of AWS JSON'
  const [code = '', fault] = String(headers['x-amzn-query-error']).split(';')
  const entry = BY_QUERY_CODE.get(code)
  if (entry === undefined || entry.status !== status || fault !== 'Sender') return `undocumented: ${code};${fault}`
  const { __type: type, message, Message = message } = JSON.parse(text) as Record<string, string>
  const [namespace, shape = ''] = String(type).split('#')
  if (SQS_ERRORS[shape as keyof typeof SQS_ERRORS] !== entry || namespace !== entry.namespace)
    return 'the type is wrong'
  return Message === undefined || Message === '' ? 'there is no message' : undefined
}

function xmlFault({ status, headers, text }: WireAnswer): string | undefined {
  if (headers['content-type'] !== 'text/xml') return 'the content type is not that of the Query protocol'
  const root = parseXml(text)
  const error = child(root, 'Error')
  const code = child(error, 'Code')?.text ?? ''
  const entry = BY_QUERY_CODE.get(code)
  if (root.name !== 'ErrorResponse' || entry?.status !== status) return `undocumented: ${code}`
  if (child(error, 'Type')?.text !== 'Sender') return 'the fault is given to the receiver'
  if (child(root, 'RequestId')?.text !== headers['x-amzn-requestid']) return 'the request id is another one'
  return child(error, 'Message')?.text === '' ? 'there is no message' : undefined
}
