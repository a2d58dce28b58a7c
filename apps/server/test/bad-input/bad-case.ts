import type { WireRequest } from './wire.ts'

/** The ways in: REST, and SQS in both of its protocols. Each has an error format of its own. */
export type Door = 'rest' | 'json' | 'query'

/** One request that no server should take, or that none should stumble over. */
export interface BadCase {
  /** For the reader of a failure. */
  readonly what: string
  readonly door: Door
  readonly request: WireRequest
  /** `refused`: certainly wrong, so that an answer of 2xx is a fault. `answered`: strange, but it may have a meaning. */
  readonly verdict: 'refused' | 'answered'
}

/** A call of an action in AWS JSON. */
export function jsonRequest(action: string, body: Buffer | string): WireRequest {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${action}` }
  return { method: 'POST', target: '/', headers, body: Buffer.from(body) }
}

/** A call in the Query protocol, as a form. */
export function formRequest(form: Buffer | string): WireRequest {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return { method: 'POST', target: '/', headers, body: Buffer.from(form) }
}

/** A call of REST. */
export function restRequest(method: string, target: string, body?: Buffer | string): WireRequest {
  if (body === undefined) return { method, target, headers: {} }
  return { method, target, headers: { 'content-type': 'application/json' }, body: Buffer.from(body) }
}
