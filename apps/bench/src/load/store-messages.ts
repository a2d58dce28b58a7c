import type { QueueClient } from '../clients/queue-client.ts'
import type { Contender } from '../contenders/contender.ts'

const CALLERS = 32
const CALL_SIZE = 10
const LEASE_SECONDS = 43_200

/** Stores messages of a body and a group and leaves them there. */
export async function storeMessages(
  contender: Contender,
  queue: string,
  count: number,
  message: { readonly body: string; readonly group?: string },
): Promise<void> {
  if (contender.fill !== undefined) return contender.fill(queue, count, message)
  await inCalls(contender, count, async (client, size) => {
    await client.send(queue, new Array(size).fill(message))
  })
}

/** Receives messages and keeps their leases. */
export async function leaseMessages(contender: Contender, queue: string, count: number): Promise<void> {
  await inCalls(contender, count, async (client, max) => {
    await client.receive(queue, { max, leaseSeconds: LEASE_SECONDS })
  })
}

async function inCalls(
  contender: Contender,
  count: number,
  call: (client: QueueClient, size: number) => Promise<void>,
): Promise<void> {
  let left = count
  await Promise.all(
    Array.from({ length: CALLERS }, async () => {
      const client = await contender.connect()
      while (left > 0) {
        const size = Math.min(CALL_SIZE, left)
        left -= size
        await call(client, size)
      }
      await client.close()
    }),
  )
}
