import type { Engine, QueueKey, ReceivedMessage, ReceiveRequest } from '@stanchion/queue'
import type { ConnectionWatch } from './connection-watch.ts'
import { GoneSignal } from './gone-signal.ts'

/**
 * Receives for a client that may go away. While the receive waits, a closed connection ends it; when the messages are
 * there and the response could not be written, they are released at once instead of staying leased to nobody. Deliveries of a
 * FIFO queue to a receive with an attempt id stay leased for its repetition.
 */
export async function receiveWhileConnected(
  engine: Engine,
  queue: QueueKey,
  request: ReceiveRequest,
  connection: ConnectionWatch,
): Promise<ReceivedMessage[]> {
  const gone = new GoneSignal()
  let messages: ReceivedMessage[] = []
  const release = () => {
    const isAwaited = request.attemptId !== undefined && messages[0]?.fifo !== undefined
    if (!isAwaited) releaseAll(engine, queue, messages)
  }
  connection.onceGone(() => {
    gone.abort()
    release()
  })
  messages = await engine.receiveMessages(queue, { ...request, signal: gone })
  if (gone.aborted) release()
  return messages
}

function releaseAll(engine: Engine, queue: QueueKey, messages: readonly ReceivedMessage[]): void {
  if (messages.length === 0) return
  const changes = messages.map(({ receiptHandle }) => ({ receiptHandle, visibilityTimeoutSeconds: 0 }))
  // Should this fail, the lease runs out by itself.
  engine.changeVisibility(queue, changes).catch(() => undefined)
}
