import type { OutgoingMessage, QueueClient } from '../clients/queue-client.ts'

/** What a client does in one turn with calls of a size. Answers how many messages it brought to their end. */
export type Life = (client: QueueClient, queue: string, callSize: number, outgoing: Outgoing) => Promise<number>

/** The messages of one call. */
export type Outgoing = (count: number) => readonly OutgoingMessage[]

const RETRY_WAIT_SECONDS = 1
const DELAY_SECONDS = 1

/** How long a client that finds a stored backlog empty waits before it looks again. */
const EMPTY_WAIT_SECONDS = 1

/** What the messages of a scenario go through. */
export const LIVES = {
  /** Sent, received, deleted. */
  whole: async (client, queue, callSize, outgoing) => {
    await client.send(queue, outgoing(callSize))
    return receiveAndDelete(client, queue, callSize)
  },
  /** Sent, and nothing else. */
  send: async (client, queue, callSize, outgoing) => {
    await client.send(queue, outgoing(callSize))
    return callSize
  },
  /** Received and deleted; somebody else has sent them. */
  drain: (client, queue, callSize) => receiveAndDelete(client, queue, callSize, EMPTY_WAIT_SECONDS),
  /** Sent with a delay of a second; what is received was sent a second before. */
  delayed: async (client, queue, callSize, outgoing) => {
    const messages = outgoing(callSize).map((message) => ({ ...message, delaySeconds: DELAY_SECONDS }))
    await client.send(queue, messages)
    return receiveAndDelete(client, queue, callSize, DELAY_SECONDS)
  },
  /** Sent, received, given back, received again, deleted: the path of what fails once. */
  retried: async (client, queue, callSize, outgoing) => {
    await client.send(queue, outgoing(callSize))
    const failed = await client.receive(queue, { max: callSize })
    if (failed.length > 0) await client.release(queue, failed)
    return receiveAndDelete(client, queue, callSize, RETRY_WAIT_SECONDS)
  },
} as const satisfies { readonly [name: string]: Life }

async function receiveAndDelete(
  client: QueueClient,
  queue: string,
  callSize: number,
  waitSeconds?: number,
): Promise<number> {
  const messages = await client.receive(queue, { max: callSize, ...(waitSeconds === undefined ? {} : { waitSeconds }) })
  if (messages.length > 0) await client.delete(queue, messages)
  return messages.length
}
