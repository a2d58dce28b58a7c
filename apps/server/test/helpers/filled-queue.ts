import type { RestClient } from './rest-client.ts'

/** A message as REST shows it. */
export interface MessageView {
  readonly messageId: string
  readonly receiptHandle: string
  readonly body: string
  readonly attributes: Record<string, unknown>
  readonly receiveCount: number
  readonly traceHeader?: string
  readonly sentAt: string
  readonly firstReceivedAt: string
}

/** Receives from a queue. */
export async function receive(rest: RestClient, queue: string, request: object = {}): Promise<MessageView[]> {
  const { body } = await rest.post(`/v1/queues/${queue}/receive`, request)
  return body.messages as MessageView[]
}

/** Creates a queue and leases one message from it for each body, in their order. */
export async function createQueueWithLeases(
  rest: RestClient,
  name: string,
  ...bodies: string[]
): Promise<MessageView[]> {
  await rest.post('/v1/queues', { name })
  await rest.post(`/v1/queues/${name}/messages/batch`, { messages: bodies.map((body) => ({ body })) })
  const messages = await receive(rest, name, { maxMessages: 1_000, visibilityTimeoutSeconds: 600 })
  return bodies.map((body) => {
    const message = messages.find((candidate) => candidate.body === body)
    if (message === undefined) throw new Error(`"${body}" was not received`)
    return message
  })
}
