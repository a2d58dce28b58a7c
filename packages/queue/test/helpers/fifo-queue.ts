import type { Engine, FifoSettings, QueueKey, QueueSettings, SendResult } from '../../src/index.ts'
import { newKey } from './setup.ts'

/** Creates a FIFO queue that no other test uses; the body of a message is its deduplication id. */
export async function newFifo(
  engine: Engine,
  fifo: Partial<FifoSettings> = {},
  settings: Partial<QueueSettings> = {},
): Promise<QueueKey> {
  const { accountId, name } = newKey()
  const key = { accountId, name: `${name}.fifo` }
  await engine.createQueue({ ...key, fifo: { contentBasedDeduplication: true, ...fifo }, settings })
  return key
}

/** Sends bodies to groups in one call. */
export function sendTo(
  engine: Engine,
  key: QueueKey,
  ...messages: readonly [groupId: string, body: string][]
): Promise<SendResult[]> {
  return engine.sendMessages(
    key,
    messages.map(([groupId, body]) => ({ groupId, body })),
  )
}
