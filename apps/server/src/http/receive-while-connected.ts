import type { ServerResponse } from 'node:http'
import type { Engine, QueueKey, ReceivedMessage, ReceiveRequest } from '@stanchion/queue'

/**
 * Receives for a client that may go away. While the receive waits, a closed connection ends it; when the messages are
 * there and the response could not be written, they are released at once instead of staying leased to nobody.
 */
export async function receiveWhileConnected(
  engine: Engine,
  queue: QueueKey,
  request: ReceiveRequest,
  response: ServerResponse,
): Promise<ReceivedMessage[]> {
  const gone = new AbortController()
  let messages: ReceivedMessage[] = []
  response.once('close', () => {
    if (response.writableFinished) return
    gone.abort()
    release(engine, queue, messages)
  })
  messages = await engine.receiveMessages(queue, { ...request, signal: gone.signal })
  if (gone.signal.aborted) release(engine, queue, messages)
  return messages
}

function release(engine: Engine, queue: QueueKey, messages: readonly ReceivedMessage[]): void {
  if (messages.length === 0) return
  const changes = messages.map(({ receiptHandle }) => ({ receiptHandle, visibilityTimeoutSeconds: 0 }))
  // Should this fail, the lease runs out by itself.
  engine.changeVisibility(queue, changes).catch(() => undefined)
}
