import { ACTIONS, type Action, type Input, type Output } from '../api.ts'

export type Protocol = 'json' | 'query'

/** SQS as a case sees it: one method per action, whatever the protocol. An error is an {@link SqsCallError}. */
export type SqsClient = {
  readonly [A in Action as Uncapitalize<A>]: (input: Input<A>) => Promise<Output<A>>
}

/** Carries out any action. */
export type Call = (action: Action, input: object) => Promise<object>

/** Makes a client of the one function that a protocol has to bring. */
export function toClient(call: Call): SqsClient {
  const methods = ACTIONS.map((action) => [
    action.charAt(0).toLowerCase() + action.slice(1),
    (input: object) => call(action, input),
  ])
  return Object.fromEntries(methods) as unknown as SqsClient
}

/** An error that the endpoint answered. */
export class SqsCallError extends Error {
  override readonly name = 'SqsCallError'
  readonly status: number
  /** The name of its JSON shape. The Query protocol does not tell it. */
  readonly shape: string | undefined
  readonly queryCode: string
  readonly fault: 'Sender' | 'Receiver'

  constructor(answer: {
    status: number
    shape: string | undefined
    queryCode: string
    message: string
    fault: 'Sender' | 'Receiver'
  }) {
    super(answer.message)
    this.status = answer.status
    this.shape = answer.shape
    this.queryCode = answer.queryCode
    this.fault = answer.fault
  }
}

/** Where and as whom to call. */
export interface Target {
  /** Without a trailing slash. */
  readonly endpoint: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** Longest that one request may take: longer than the longest long poll of a case. */
export const REQUEST_TIMEOUT_MS = 30_000
